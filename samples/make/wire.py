"""Files for machines: sheets, EDI, bank messages, and mail."""

import csv
import io
import re
import zipfile
from datetime import datetime
from decimal import Decimal as D
from email import policy
from email.message import EmailMessage
from xml.dom import minidom
from xml.sax.saxutils import escape

from openpyxl import Workbook
from openpyxl.styles import Alignment, Font, PatternFill

from paper import head, vendor_number, when


def ascii_upper(words):
    for a, b in (("ä", "ae"), ("ö", "oe"), ("ü", "ue"), ("ß", "ss"), ("é", "e"), ("è", "e"), ("ç", "c"), ("ê", "e"), ("–", "-")):
        words = words.replace(a, b)
    return words.upper()


# ---------------------------------------------------------------------------------------------------- sheets
def flat_csv(a):
    """One flat table, a header row, the payment repeated on every line."""
    out = io.StringIO()
    w = csv.writer(out, lineterminator="\r\n")
    w.writerow([
        "Payment No.", "Payment Date", "Payer", "Currency", "Total Payment", "Invoice No.", "Inv. Date", "PO Number", "Gross Amount", "Discount", "Deduction",
        "Net Amount", "Code", "Reason",
    ])
    for r in a.rows():
        value = lambda x: "" if x is None else f"{x:.2f}"
        w.writerow([
            a.reference,
            when(a.day, a.payer), a.payer.name, a.currency, f"{a.total:.2f}", r.number,
            when(r.date, a.payer), r.purchase_order,
            value(r.gross),
            value(r.discount),
            value(r.deduction),
            value(r.net), r.code, r.text,
        ])
    return out.getvalue().encode("utf-8")


def headed_sheet(a, separator, encoding):
    """A title block, a table, a total line, in the customer's language, as an ERP exports its print list."""
    w, money, date = head(a)
    lines = [[w["title"].capitalize()], [a.payer.name], [w["to"], a.entity["name"]], [w["ref"], a.reference], [w["date"], date(a.day)],
             [w["total"], money(a.total), a.currency], [],
             [w["number"], w["doc_date"], w["po"], w["site"], w["gross"], w["discount"], w["deduction"], w["net"], w["code"], w["text"]], ]
    for r in a.rows():
        lines.append([r.number, date(r.date), r.purchase_order, r.site, money(r.gross), money(r.discount), money(r.deduction), money(r.net), r.code, r.text])
    lines.append([w["sum"], "", "", "", "", "", "", money(a.total), "", ""])
    out = io.StringIO()
    csv.writer(out, delimiter=separator, lineterminator="\r\n").writerows(lines)
    return out.getvalue().encode(encoding)


def fixed_text(a):
    """A print file with fixed columns."""
    w, money, date = head(a)
    lines = [
        f"{a.payer.name.upper():<60}PAGE 1",
        a.payer.address.upper(), "", f"REMITTANCE {a.reference}   DATE {date(a.day)}   AMOUNT {money(a.total)} {a.currency}",
        f"PAYEE {a.entity['name'].upper()}   VENDOR {vendor_number(a.payer)}", "",
        f"{'DOCUMENT':<14}{'DATE':<12}{'GROSS':>12}{'DISC':>10}{'ADJ':>10}{'NET':>12}  REASON", "-" * 100,
    ]
    for r in a.rows():
        lines.append(
            f"{r.number:<14}{date(r.date):<12}{money(r.gross):>12}{money(r.discount):>10}{money(r.deduction):>10}{money(r.net):>12}  {r.code} {r.text}".rstrip(
            ))
    lines += ["-" * 100, f"{'TOTAL':<58}{money(a.total):>12}"]
    return ("\r\n".join(lines) + "\r\n").encode("ascii")


def workbook(a):
    w, money, date = head(a)
    book = Workbook()
    book.properties.creator = a.payer.name
    book.properties.created = book.properties.modified = datetime(a.day.year, a.day.month, a.day.day, 9, 0)
    sheet = book.active
    sheet.title = w["invoices"][:30]
    for row in ([a.payer.name], [w["title"].capitalize()], [w["to"], a.entity["name"]], [w["ref"], a.reference], [w["date"],
                                                                                                                  a.day], [w["total"], a.total, a.currency], [],
                ):
        sheet.append(row)
    sheet["A1"].font = Font(bold=True, size=14)
    sheet["B5"].number_format, sheet["B6"].number_format = "dd-mm-yyyy", "#,##0.00"
    sheet.append([w[k] for k in ("number", "doc_date", "po", "gross", "discount", "deduction", "net", "code", "text")])
    for cell in sheet[8]:
        cell.font, cell.fill = Font(bold=True), PatternFill("solid", fgColor="DDE3EA")
    for r in a.rows():
        sheet.append([r.number, r.date, r.purchase_order, r.gross, r.discount, r.deduction, r.net, r.code, r.text])
        sheet.cell(sheet.max_row, 2).number_format = "dd-mm-yyyy"
        for column in range(4, 8):
            sheet.cell(sheet.max_row, column).number_format = "#,##0.00"
    sheet.append([w["sum"], None, None, None, None, None, a.total])
    sheet.cell(sheet.max_row, 7).number_format = "#,##0.00"
    sheet.cell(sheet.max_row, 7).font = sheet.cell(sheet.max_row, 1).font = Font(bold=True)
    for column, width in zip("ABCDEFGHI", (20, 16, 14, 14, 11, 12, 14, 8, 58)):
        sheet.column_dimensions[column].width = width
    sheet["A8"].alignment = Alignment(horizontal="left")
    sheet.freeze_panes = "A9"
    out = io.BytesIO()
    book.save(out)
    return freeze_xlsx(out.getvalue(), a)


def freeze_xlsx(data, a):
    """openpyxl writes the time of saving: put the payment's day there."""
    stamp = f"{a.day.isoformat()}T09:00:00Z".encode()
    source, out = zipfile.ZipFile(io.BytesIO(data)), io.BytesIO()
    with zipfile.ZipFile(out, "w", zipfile.ZIP_DEFLATED) as z:
        for name in source.namelist():
            content = source.read(name)
            if name == "docProps/core.xml":
                content = re.sub(rb"(<dcterms:(created|modified)[^>]*>)[^<]*", rb"\g<1>" + stamp, content)
            z.writestr(zipfile.ZipInfo(name, (2026, 1, 1, 0, 0, 0)), content, zipfile.ZIP_DEFLATED)
    return out.getvalue()


# ---------------------------------------------------------------------------------------------------- X12
def interchange(kind, group, a_or_customer, day, control, body):
    c = a_or_customer
    sender = f"{5410000 + c.number}"
    seg = [
        f"ISA*00*          *00*          *ZZ*{sender:<15}*12*6145550917     *{day:%y%m%d}*0915*U*00401*{control:09d}*0*P*>",
        f"GS*{group}*{sender}*6145550917*{day:%Y%m%d}*0915*{control}*X*004010", f"ST*{kind}*0001",
    ]
    seg += body
    seg += [f"SE*{len(body) + 2}*0001", f"GE*1*{control}", f"IEA*1*{control:09d}"]
    return "".join(s + "~\n" for s in seg).encode("ascii")


def x12_820(a, control):
    body = [
        f"BPR*I*{a.total:.2f}*C*ACH*CTX*01*099900037*DA*{4400100 + a.payer.number * 137:08d}*1{54100000 + a.payer.number}**01*099900012*DA*55017342*{a.day:%Y%m%d}",
        f"TRN*1*{a.reference}", f"REF*VR*{vendor_number(a.payer)}", f"DTM*097*{a.day:%Y%m%d}", f"N1*PR*{ascii_upper(a.payer.name)}*92*{a.payer.id}",
        f"N1*PE*{ascii_upper(a.entity['name'])}*92*{vendor_number(a.payer)}", "ENT*1",
    ]
    alone = []
    for r in a.rows():
        if r.gross is None:
            t = r.take
            kind = "CM" if t.category == "offset" else "DB"
            alone.append(f"ADX*{r.net:.2f}*{t.edi}" + (f"*{kind}*{t.note}" if t.note else ""))
            if r.text:
                alone.append(f"NTE*CCN*{ascii_upper(r.text)}")
            if t.invoice:
                alone.append(f"REF*IV*{t.invoice.number}")
        else:
            body.append(f"RMR*IV*{r.number}**{r.net:.2f}*{r.gross:.2f}" + (f"*{r.discount:.2f}" if r.discount else ""))
            body += [f"REF*PO*{r.purchase_order}", f"DTM*003*{r.date:%Y%m%d}"]
            if r.deduction:
                body.append(f"ADX*-{r.deduction:.2f}*{r.take.edi}")
                if r.code:
                    body.append(f"REF*6O*{r.code}")
                if r.text:
                    body.append(f"NTE*CCN*{ascii_upper(r.text)}")
    at = body.index("ENT*1") + 1
    return interchange("820", "RA", a.payer, a.day, control, body[:at] + alone + body[at:])


def x12_812(a, t, control):
    value = str(int(t.amount * 100))
    inv = t.invoice
    body = [
        f"BCD*{a.day:%Y%m%d}*{t.note}**{value}*D" + (f"*{inv.issued:%Y%m%d}*{inv.number}***{inv.purchase_order}" if inv else ""),
        f"N1*BY*{ascii_upper(a.payer.name)}*92*{a.payer.id}", f"N1*SE*{ascii_upper(a.entity['name'])}*92*{vendor_number(a.payer)}", f"CDD*{t.edi}*D**{value}",
        f"N9*L1**{ascii_upper(t.words(a.payer, t.paper_text))}",
    ]
    return interchange("812", "CD", a.payer, a.day, control, body)


# ---------------------------------------------------------------------------------------------------- EDIFACT
def remadv(a, control):
    release = lambda s: s.replace("?", "??").replace("'", "?'").replace("+", "?+").replace(":", "?:")
    gln = a.payer.gln
    body = [
        f"BGM+481+{a.reference}+9", f"DTM+137:{a.day:%Y%m%d}:102", f"DTM+203:{a.day:%Y%m%d}:102", f"RFF+PQ:{a.reference}",
        f"NAD+PR+{gln}::9++{release(a.payer.name)}", f"NAD+PE+{a.entity['gln']}::9++{release(a.entity['name'])}", f"CUX+2:{a.currency}:11",
    ]
    for r in a.rows():
        if r.gross is not None:
            body += [f"DOC+380+{r.number}", f"MOA+9:{r.gross:.2f}:{a.currency}"]
            if r.discount:
                body.append(f"MOA+52:{r.discount:.2f}:{a.currency}")
            body += [f"MOA+12:{r.net:.2f}:{a.currency}", f"DTM+137:{r.date:%Y%m%d}:102", f"RFF+ON:{r.purchase_order}"]
            if r.deduction:
                body += [f"AJT+{r.take.edi}", f"MOA+5:-{r.deduction:.2f}:{a.currency}", f"FTX+AAI+++{release(r.text)}"]
        else:
            t = r.take
            body += [f"DOC+{'381' if t.category == 'offset' else '383'}+{r.number}", f"MOA+12:{r.net:.2f}:{a.currency}"]
            if t.invoice:
                body.append(f"RFF+IV:{t.invoice.number}")
            body += [f"AJT+{t.edi}", f"MOA+5:{r.net:.2f}:{a.currency}", f"FTX+AAI+++{release(r.text)}"]
    body += ["UNS+S", f"MOA+12:{a.total:.2f}:{a.currency}"]
    segments = [
        "UNA:+.? ", f"UNB+UNOC:3+{gln}:14+{a.entity['gln']}:14+{a.day:%y%m%d}:0930+{control}", "UNH+1+REMADV:D:96A:UN:EAN003", *body, f"UNT+{len(body) + 2}+1",
        f"UNZ+1+{control}",
    ]
    return "".join(s + "'\n" for s in segments).encode("latin-1")


# ---------------------------------------------------------------------------------------------------- ISO 20022
def camt_054(a, message):
    money = lambda tag, x: f'<{tag} Ccy="{a.currency}">{x:.2f}</{tag}>'
    items = []
    for r in a.rows():
        t = r.take
        why = (
            lambda x:
            f"<AdjstmntAmtAndRsn>{money('Amt', x)}<CdtDbtInd>DBIT</CdtDbtInd><AddtlInf>{escape(' '.join(p for p in (r.code, r.text) if p))}</AddtlInf></AdjstmntAmtAndRsn>"
        )
        if r.gross is not None:
            taken = f"<DscntApldAmt>{money('Amt', r.discount)}</DscntApldAmt>" if r.discount else ""
            items.append(
                f"<Strd><RfrdDocInf><Tp><CdOrPrtry><Cd>CINV</Cd></CdOrPrtry></Tp><Nb>{r.number}</Nb><RltdDt>{r.date}</RltdDt></RfrdDocInf><RfrdDocAmt>{money('DuePyblAmt', r.gross)}{taken}{why(r.deduction) if r.deduction else ''}{money('RmtdAmt', r.net)}</RfrdDocAmt></Strd>"
            )
        else:
            items.append(
                f"<Strd><RfrdDocInf><Tp><CdOrPrtry><Cd>{'CREN' if t.category == 'offset' else 'DEBN'}</Cd></CdOrPrtry></Tp><Nb>{r.number}</Nb></RfrdDocInf><RfrdDocAmt>{why(-r.net)}</RfrdDocAmt></Strd>"
            )
    entry = (
        f"<Ntry>{money('Amt', a.total)}<CdtDbtInd>CRDT</CdtDbtInd><Sts>BOOK</Sts><BookgDt><Dt>{a.day}</Dt></BookgDt><ValDt><Dt>{a.day}</Dt></ValDt><BkTxCd><Domn><Cd>PMNT</Cd><Fmly><Cd>RCDT</Cd><SubFmlyCd>ESCT</SubFmlyCd></Fmly></Domn></BkTxCd><NtryDtls><TxDtls>"
        f"<Refs><EndToEndId>{a.reference}</EndToEndId></Refs><AmtDtls><TxAmt>{money('Amt', a.total)}</TxAmt></AmtDtls><RltdPties><Dbtr><Nm>{escape(a.payer.bank_name)}</Nm></Dbtr><DbtrAcct><Id><IBAN>{a.payer.account}</IBAN></Id></DbtrAcct></RltdPties>"
        f"<RmtInf>{''.join(items)}</RmtInf></TxDtls></NtryDtls></Ntry>")
    text = (
        f'<?xml version="1.0" encoding="UTF-8"?><Document xmlns="urn:iso:std:iso:20022:tech:xsd:camt.054.001.04"><BkToCstmrDbtCdtNtfctn><GrpHdr><MsgId>{message}</MsgId><CreDtTm>{a.day}T18:05:00</CreDtTm></GrpHdr><Ntfctn><Id>{message}-1</Id><CreDtTm>{a.day}T18:05:00</CreDtTm>'
        f"<Acct><Id><IBAN>{a.entity['bank']}</IBAN></Id><Ccy>{a.currency}</Ccy></Acct>{entry}</Ntfctn></BkToCstmrDbtCdtNtfctn></Document>")
    return indented(text)


def indented(xml):
    lines = minidom.parseString(xml.encode()).toprettyxml(indent="  ", encoding="UTF-8").decode().splitlines()
    return ("\n".join(x for x in lines if x.strip()) + "\n").encode()


def camt_053(account, currency, day, opening, entries):
    """entries: (amount, debtor, account, end-to-end reference, free text)."""
    closing = opening + sum((e[0] for e in entries), D(0))
    balance = (
        lambda code, x:
        f'<Bal><Tp><CdOrPrtry><Cd>{code}</Cd></CdOrPrtry></Tp><Amt Ccy="{currency}">{x:.2f}</Amt><CdtDbtInd>CRDT</CdtDbtInd><Dt><Dt>{day}</Dt></Dt></Bal>')
    items = "".join(
        f'<Ntry><NtryRef>{n}</NtryRef><Amt Ccy="{currency}">{x:.2f}</Amt><CdtDbtInd>CRDT</CdtDbtInd><Sts>BOOK</Sts><BookgDt><Dt>{day}</Dt></BookgDt><ValDt><Dt>{day}</Dt></ValDt><BkTxCd><Domn><Cd>PMNT</Cd><Fmly><Cd>RCDT</Cd><SubFmlyCd>ESCT</SubFmlyCd></Fmly></Domn></BkTxCd><NtryDtls><TxDtls>'
        f"<Refs><EndToEndId>{reference or 'NOTPROVIDED'}</EndToEndId></Refs><RltdPties><Dbtr><Nm>{escape(name)}</Nm></Dbtr><DbtrAcct><Id><IBAN>{iban}</IBAN></Id></DbtrAcct></RltdPties><RmtInf><Ustrd>{escape(text)}</Ustrd></RmtInf></TxDtls></NtryDtls></Ntry>"
        for n, (x, name, iban, reference, text) in enumerate(entries, 1))
    text = (
        f'<?xml version="1.0" encoding="UTF-8"?><Document xmlns="urn:iso:std:iso:20022:tech:xsd:camt.053.001.08"><BkToCstmrStmt><GrpHdr><MsgId>S{day:%Y%m%d}01</MsgId><CreDtTm>{day}T19:30:00</CreDtTm></GrpHdr><Stmt><Id>{day:%Y%m%d}-{account[-6:]}</Id><CreDtTm>{day}T19:30:00</CreDtTm>'
        f"<Acct><Id><IBAN>{account}</IBAN></Id><Ccy>{currency}</Ccy></Acct>{balance('OPBD', opening)}{balance('CLBD', closing)}{items}</Stmt></BkToCstmrStmt></Document>"
    )
    return indented(text)


def mt940(account, currency, number, opening, opened, entries, fee):
    """entries: (day, amount, payer, account, remittance text). German field 86."""
    comma = lambda x: f"{x:.2f}".replace(".", ",")
    lines = [f":20:STM{number:06d}", f":25:{account}", f":28C:{number:05d}/001", f":60F:C{opened:%y%m%d}{currency}{comma(opening)}"]
    closing = opening
    for n, (day, x, name, iban, text) in enumerate(entries):
        lines.append(f":61:{day:%y%m%d}{day:%m%d}C{comma(x)}NTRFNONREF//B{number:03d}{n:04d}")
        field, code = f":86:166?00GUTSCHRIFT?10{9300 + n}", 20
        for k in range(0, len(text), 27):
            field += f"?{code}{text[k:k + 27]}"
            code += 1
        field += f"?30LOAMDEXX?31{iban}?32{name[:27]}"
        lines += [field[k:k + 65] for k in range(0, len(field), 65)]
        closing += x
    last = entries[-1][0]
    lines += [f":61:{last:%y%m%d}{last:%m%d}D{comma(fee)}NCHGNONREF", ":86:808?00ENTGELTE?20KONTOFUEHRUNG"]
    closing -= fee
    lines += [f":62F:C{last:%y%m%d}{currency}{comma(closing)}", "-"]
    return ("\r\n".join(lines) + "\r\n").encode("latin-1")


# ---------------------------------------------------------------------------------------------------- mail and archives
GREETING = {
    "en": ("Hello,", "please find below the details of our payment.", "please find attached the details of our payment.", "Kind regards"),
    "fr": ("Bonjour,", "voici le détail de notre virement.", "veuillez trouver ci-joint le détail de notre virement.", "Cordialement"),
    "nl": ("Goedendag,", "hierbij de specificatie van onze betaling.", "in de bijlage vindt u de specificatie van onze betaling.", "Met vriendelijke groet"),
    "de": ("Guten Tag,", "nachstehend die Einzelheiten unserer Zahlung.", "anbei erhalten Sie die Einzelheiten unserer Zahlung.", "Mit freundlichen Grüßen"),
}


def message(sender, domain, subject, day, number):
    m = EmailMessage(policy=policy.SMTP)
    m["From"] = f"{sender} <payables@{domain}.example>"
    m["To"] = "receivables@quillmere.example"
    m["Subject"] = subject
    m["Date"] = f"{day:%a, %d %b %Y} 09:12:00 +0000"
    m["Message-ID"] = f"<{day:%Y%m%d}.{number}@{domain}.example>"
    return m


def sent(m, number):
    for k, part in enumerate(p for p in m.walk() if p.is_multipart()):
        part.set_boundary(f"=_part_{number:05d}_{k}")
    return m.as_bytes()


def text_mail(a, number):
    w, money, date = head(a)
    g = GREETING[a.payer.language]
    lines = [g[0], "", g[1], "", f"{w['ref']}: {a.reference}", f"{w['date']}: {date(a.day)}", f"{w['total']}: {money(a.total)} {a.currency}", ""]
    for r in a.rows():
        if r.gross is not None:
            parts = [r.number, date(r.date), money(r.gross)]
            if r.discount:
                parts.append(f"{w['discount']} {money(r.discount)}")
            if r.deduction:
                parts.append(f"{w['deduction']} {money(r.deduction)} ({' '.join(x for x in (r.code, r.text) if x)})")
            lines.append("  ".join(parts + [f"{w['net']} {money(r.net)}"]))
        else:
            lines.append("  ".join(x for x in (r.number, money(r.net), r.code, r.text) if x))
    lines += ["", g[3], w["desk"], a.payer.name, ""]
    m = message(a.payer.name, a.payer.domain, f"{w['title'].capitalize()} {a.reference}", a.day, number)
    m.set_content("\n".join(lines))
    return sent(m, number)


def html_mail(a, number):
    w, money, date = head(a)
    g = GREETING[a.payer.language]
    cell = lambda x, side="left": f'<td align="{side}">{escape(x) or "&nbsp;"}</td>'
    rows = "\n".join("<tr>" + cell(r.number) + cell(date(r.date)) + cell(money(r.gross), "right") + cell(money(r.discount), "right") +
                     cell(money(r.deduction), "right") + cell(money(r.net), "right") + cell(r.code) + cell(r.text) + "</tr>" for r in a.rows())
    titles = "".join(f"<th>{escape(w[k])}</th>" for k in ("number", "doc_date", "gross", "discount", "deduction", "net", "code", "text"))
    html = (
        f'<html><body style="font-family:Arial,sans-serif;font-size:10pt">\n<p>{g[0]}</p><p>{g[1]}</p>\n<p><b>{w["title"]}</b><br>{escape(a.payer.name)}<br>{w["ref"]}: {a.reference}<br>{w["date"]}: {date(a.day)}<br>{w["total"]}: {money(a.total)} {a.currency}</p>\n'
        f'<table border="1" cellspacing="0" cellpadding="3"><tr>{titles}</tr>\n{rows}\n<tr><td colspan="5"><b>{w["sum"]}</b></td><td align="right"><b>{money(a.total)}</b></td><td colspan="2"></td></tr></table>\n<p>{g[3]}<br>{w["desk"]}<br>{escape(a.payer.name)}</p>\n</body></html>\n'
    )
    m = message(a.payer.name, a.payer.domain, f"{w['title'].capitalize()} {a.reference}", a.day, number)
    m.set_content(f"{g[0]}\n\n{g[1]}\n\n{g[3]}\n{a.payer.name}\n")
    m.add_alternative(html, subtype="html")
    return sent(m, number)


def mail_with(a, number, attachments):
    """attachments: (name, bytes)."""
    w, g = head(a)[0], GREETING[a.payer.language]
    m = message(a.payer.name, a.payer.domain, f"{w['title'].capitalize()} {a.reference}", a.day, number)
    m.set_content(f"{g[0]}\n\n{g[2]}\n\n{g[3]}\n{w['desk']}\n{a.payer.name}\n")
    for name, data in attachments:
        m.add_attachment(data, maintype="application", subtype="pdf", filename=name)
    return sent(m, number)


def letter_mail(customer, day, subject, paragraphs, number):
    m = message(customer.name, customer.domain, subject, day, number)
    m.set_content("\n\n".join(paragraphs) + "\n")
    return sent(m, number)


def archive(members):
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w", zipfile.ZIP_DEFLATED) as z:
        for name, data in members:
            z.writestr(zipfile.ZipInfo(name, (2026, 9, 8, 9, 0, 0)), data, zipfile.ZIP_DEFLATED)
    return out.getvalue()
