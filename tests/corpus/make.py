"""Writes the corpus of bad input: python3 tests/corpus/make.py

Standard library only, the same bytes at every run. Each file stands beside its expected answer, `NAME.expected.json`:

    bad/documents   nothing may be posted       {"status", "code": what the problem says, "members": names of what was unpacked}
    bad/posted      what is proven is posted    the same and {"payments": [[amount, currency, status, allocated], ...]}
    bad/arrivals    files that arrive one after another: {"documents": {name: [status, code]}, "payments": [[amount, currency, status, allocated], ...]}
    bad/reference   rows of reference data      {"exit", "loaded", "rejects": [[line, column, code], ...]} or {"exit": 1, "error"}

The numbers in the comments are the rows of the table of bad input.
"""

import hashlib
import io
import json
import pathlib
import shutil
import struct
import zipfile
import zlib

BAD = pathlib.Path(__file__).parent / "bad"


def put(folder, name, content, **expected):
    if isinstance(content, str):
        content = content.encode()
    path = BAD / folder / name
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_bytes(content)
    path.with_name(name + ".expected.json").write_text(json.dumps(expected, ensure_ascii=False) + "\n")


def review(name, content, code, **more):
    """A document that is kept, posts nothing and tells a person why."""
    put("documents", name, content, status="needs_review", code=code, **more)


# PDF -----------------------------------------------------------------------------------------------------------------


def pdf(objects, root=1, trailer="", broken=None):
    """A PDF of numbered objects: {number: bytes}. `broken` spoils the cross-reference table."""
    out = io.BytesIO()
    out.write(b"%PDF-1.7\n")
    places = {}
    for number, body in sorted(objects.items()):
        places[number] = out.tell()
        out.write(b"%d 0 obj\n" % number + body + b"\nendobj\n")
    start = out.tell()
    if broken == "none":
        return out.getvalue()
    size = max(objects) + 1
    out.write(b"xref\n0 %d\n" % size)
    for number in range(size):
        place = places.get(number, 0) + (977 if broken == "offsets" else 0)
        out.write(b"%010d %05d %s \n" % (place, 0 if number in places else 65535, b"n" if number in places else b"f"))
    out.write(b"trailer\n<< /Size %d /Root %d 0 R %s >>\nstartxref\n%d\n%%%%EOF\n" % (size, root, trailer.encode(), start))
    return out.getvalue()


def stream(content, dictionary=b""):
    return b"<< /Length %d %s >>\nstream\n" % (len(content), dictionary) + content + b"\nendstream"


def written(lines, size=10):
    """Page content that shows lines of text, each from the column it gives in points."""
    out = [b"BT /F1 %d Tf" % size]
    for row, cells in enumerate(lines):
        for left, text in cells:
            text = text.replace("\\", "\\\\").replace("(", "\\(").replace(")", "\\)")
            out.append(b"1 0 0 1 %d %d Tm (%s) Tj" % (left, 780 - row * 16, text.encode("latin-1")))
    return b"\n".join(out + [b"ET"])


FONT = b"<< /Type /Font /Subtype /Type1 /BaseFont /Helvetica /Encoding /WinAnsiEncoding >>"


def paper(content, extra=b"", catalog=b"", more=None):
    objects = {
        1: b"<< /Type /Catalog /Pages 2 0 R %s >>" % catalog,
        2: b"<< /Type /Pages /Kids [3 0 R] /Count 1 >>",
        3: b"<< /Type /Page /Parent 2 0 R /MediaBox [0 0 595 842] /Contents 4 0 R /Resources << /Font << /F1 5 0 R >> >> %s >>" % extra,
        4: stream(content),
        5: FONT,
    }
    objects.update(more or {})
    return objects


def advice_page(number, payer, lines, total, currency="USD", date="2026-09-18", note=None):
    """A remittance advice set in columns."""
    rows = [[(50, payer)], [], [(50, "REMITTANCE ADVICE")], [], [(50, f"Payment No.: {number}"), (320, f"Payment Date: {date}")], [],
            [(50, "Invoice No."), (180, "Invoice Date"), (290, "Gross Amount"), (390, "Discount"), (480, "Net Amount")]]
    rows += [[(50, invoice), (180, issued), (290, gross), (390, discount), (480, net)] for invoice, issued, gross, discount, net in lines]
    rows += [[], [(50, f"Total Payment {currency}"), (480, total)]]
    if note:
        rows.append([(50, note)])
    return written(rows)


def rc4(key, data):
    state, j = list(range(256)), 0
    for i in range(256):
        j = (j + state[i] + key[i % len(key)]) % 256
        state[i], state[j] = state[j], state[i]
    out, i, j = bytearray(), 0, 0
    for byte in data:
        i = (i + 1) % 256
        j = (j + state[i]) % 256
        state[i], state[j] = state[j], state[i]
        out.append(byte ^ state[(state[i] + state[j]) % 256])
    return bytes(out)


PADDING = bytes.fromhex("28BF4E5E4E758A4164004E56FFFA01082E2E00B6D0683E802F0CA9FE6453697A")


def encrypted(content, user):
    """Revision 2 of the standard handler: forty bits, enough to need the password."""
    identifier = hashlib.md5(b"corpus").digest()
    owner = rc4(hashlib.md5((b"owner" + PADDING)[:32]).digest()[:5], (user + PADDING)[:32])
    permissions = struct.pack("<i", -4)
    key = hashlib.md5((user + PADDING)[:32] + owner + permissions + identifier).digest()[:5]
    own = lambda number: hashlib.md5(key + struct.pack("<I", number)[:3] + b"\0\0").digest()[:10]
    objects = paper(rc4(own(4), content))
    text = lambda data: b"<" + data.hex().encode() + b">"
    objects[6] = b"<< /Filter /Standard /V 1 /R 2 /O %s /U %s /P -4 >>" % (text(owner), text(rc4(key, PADDING)))
    return pdf(objects, trailer=f"/Encrypt 6 0 R /ID [{text(identifier).decode()} {text(identifier).decode()}]")


def pdf_cases():
    page = written([[(50, "Dear sir or madam,")], [(50, "please find enclosed our letter about the usual things of life.")]])
    # 3
    review("html.pdf", "<!DOCTYPE html><html><head><title>Sign in</title></head><body><p>Your session has expired. Please sign in again.</p></body></html>", "type_mismatch")
    review("program.pdf", b"MZ\x90\0\3\0\0\0\4\0\0\0\xff\xff\0\0\xb8\0\0\0\0\0\0\0@" + bytes(range(256)) * 8, "type_mismatch")
    review("archive.pdf", archive({"remittance.csv": "Invoice No.;Net Amount\nINV-260504;394.28\n"}), "type_mismatch", members=[])
    review("polyglot.pdf", pdf(paper(b"")) + archive({"remittance.csv": "Invoice No.;Net Amount\nINV-260504;394.28\n"}), "blank", members=[])
    # 4
    review("truncated.pdf", pdf(paper(page))[:120], "unreadable_pdf")
    review("header_only.pdf", b"%PDF-1.4\n", "unreadable_pdf")
    # 5
    review("cyclic_pages.pdf", pdf({1: b"<< /Type /Catalog /Pages 2 0 R >>", 2: b"<< /Type /Pages /Kids [2 0 R 2 0 R] /Count 2 /Parent 2 0 R >>"}), None)
    review("cyclic_objects.pdf", pdf({1: b"<< /Type /Catalog /Pages 2 0 R >>", 2: b"2 0 R", 3: b"3 0 R"}), None)
    review("deep_nesting.pdf", pdf({1: b"<< /Type /Catalog /Pages 2 0 R /X " + b"[" * 12_000 + b"]" * 12_000 + b" >>", 2: b"<< /Type /Pages /Kids [] /Count 0 >>"}), None)
    form = b"<< /Type /XObject /Subtype /Form /BBox [0 0 595 842] /Resources << /XObject << /X 6 0 R >> >> /Length 5 >>\nstream\n/X Do\nendstream"
    own = paper(b"/X Do", more={6: form})
    own[3] = own[3].replace(b"/Font <<", b"/XObject << /X 6 0 R >> /Font <<")
    review("form_in_itself.pdf", pdf(own), "blank|nothing_readable|extract_failed")
    wide = stream(b"\0" * 40, b"/Type /XRef /W [2147483647 2147483647 2147483647] /Size 2147483647 /Index [0 2147483647] /Root 1 0 R")
    review("wide_xref.pdf", b"%PDF-1.7\n1 0 obj\n" + wide + b"\nendobj\nstartxref\n9\n%%EOF\n", "unreadable_pdf|pdf_limits|extract_failed")
    # 6
    bomb = zlib.compress(zlib.compress(b"0 0 m " * 50_000_000, 9), 9)
    bombed = paper(b"")
    bombed[4] = stream(bomb, b"/Filter [/FlateDecode /FlateDecode]")
    review("bomb.pdf", pdf(bombed), "blank|pdf_limits|extract_failed")
    tree = {1: b"<< /Type /Catalog /Pages 2 0 R >>", 20: b"<< /Type /Page /Parent 6 0 R /MediaBox [0 0 595 842] >>"}
    for level in range(2, 7):
        below = 20 if level == 6 else level + 1
        tree[level] = b"<< /Type /Pages /Kids [%s] /Count %d >>" % (b"%d 0 R " % below * 10, 10 ** (7 - level))
    review("hundred_thousand_pages.pdf", pdf(tree), "pdf_limits|unreadable_pdf|blank")
    flat = {1: b"<< /Type /Catalog /Pages 2 0 R >>", 2: b"<< /Type /Pages /Kids [%s] /Count 600 >>" % b"".join(b"%d 0 R " % number for number in range(3, 603))}
    flat.update({number: b"<</Type/Page/Parent 2 0 R>>" for number in range(3, 603)})
    review("six_hundred_pages.pdf", pdf(flat), "pdf_limits")
    # 7
    review("encrypted.pdf", encrypted(page, b"secret"), "password_needed")
    # 8: nothing of it runs; the embedded document is none of the page's.
    script = b"/OpenAction << /S /JavaScript /JS (app.alert\\(1\\)) >>"
    review("script.pdf", pdf(paper(b"", catalog=script)), "blank")
    launch = b"/OpenAction << /S /Launch /F (calc.exe) >> /AcroForm << /XFA (<xdp/>) >>"
    review("launch.pdf", pdf(paper(b"", catalog=launch)), "blank")
    # 12
    review("blank.pdf", pdf(paper(b"")), "blank")
    # 9 and 13 are in bad/posted, 11 in the samples.


# Pictures ------------------------------------------------------------------------------------------------------------


def png(width, height, rows, depth=8):
    chunk = lambda kind, data: struct.pack(">I", len(data)) + kind + data + struct.pack(">I", zlib.crc32(kind + data))
    header = struct.pack(">IIBBBBB", width, height, depth, 0, 0, 0, 0)
    return b"\x89PNG\r\n\x1a\n" + chunk(b"IHDR", header) + chunk(b"IDAT", zlib.compress(rows, 9)) + chunk(b"IEND", b"")


def picture_cases():
    # 10: only the header is large.
    review("giant.png", png(30_000, 30_000, b"\0" * 1000), "image_limits")
    jpeg = b"\xff\xd8\xff\xe0\0\x10JFIF\0\1\1\0\0\1\0\1\0\0\xff\xc0\0\x0b\x08\xff\xff\xff\xff\1\1\x11\0\xff\xda\0\x08\1\1\0\0?\0\0\xff\xd9"
    review("giant.jpg", jpeg, "image_limits|unreadable_image")
    entries = [(256, 4, 1, 60_000), (257, 4, 1, 60_000), (258, 3, 1, 1), (259, 3, 1, 1), (262, 3, 1, 1), (273, 4, 1, 8), (277, 3, 1, 1), (278, 4, 1, 60_000), (279, 4, 1, 450_000_000)]
    directory = struct.pack("<H", len(entries)) + b"".join(struct.pack("<HHII", *entry) for entry in entries) + b"\0\0\0\0"
    review("giant.tif", b"II*\0\x08\0\0\0" + directory, "image_limits")
    loop = [(256, 4, 1, 8), (257, 4, 1, 8), (258, 3, 1, 8), (259, 3, 1, 1), (262, 3, 1, 1), (273, 4, 1, 200), (277, 3, 1, 1), (278, 4, 1, 8), (279, 4, 1, 64)]
    directory = struct.pack("<H", len(loop)) + b"".join(struct.pack("<HHII", *entry) for entry in loop) + struct.pack("<I", 8)
    review("pages_in_a_circle.tif", (b"II*\0\x08\0\0\0" + directory).ljust(200, b"\0") + b"\xff" * 64, "image_limits|blank|unreadable_image|nothing_readable")
    review("torn.png", png(400, 400, (b"\0" + b"\xff" * 400) * 400)[:60], "unreadable_image")
    # 12, 11: nothing on the paper, and no paper at all.
    review("blank.png", png(827, 1169, (b"\0" + b"\xff" * 827) * 1169), "blank")
    shade = b"".join(b"\0" + bytes((60 + (x // 60 * 37 + y // 45 * 61) % 130) for x in range(600)) for y in range(450))
    review("photo_of_nothing.png", png(600, 450, shade), "blank|nothing_readable")


# Archives ------------------------------------------------------------------------------------------------------------


def archive(entries, method=zipfile.ZIP_DEFLATED):
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w", method) as packed:
        for name, content in entries.items():
            info = zipfile.ZipInfo(name, (2026, 9, 1, 0, 0, 0))
            info.compress_type = method
            packed.writestr(info, content)
    return out.getvalue()


def archive_cases():
    # 14
    review("bomb.zip", archive({"zeros.csv": b"0" * 20_000_000}), "archive_limits", members=[])
    review("parent_folder.zip", archive({"../../etc/cron.d/evil.csv": "a;b\n"}), "archive_unsafe", members=[])
    review("absolute.zip", archive({"/etc/passwd.csv": "a;b\n"}), "archive_unsafe", members=[])
    review("drive.zip", archive({"C:\\windows\\evil.csv": "a;b\n"}), "archive_unsafe", members=[])
    link = zipfile.ZipInfo("link.csv", (2026, 9, 1, 0, 0, 0))
    link.create_system, link.external_attr = 3, 0o120777 << 16
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w") as packed:
        packed.writestr(link, "/etc/passwd")
    review("symbolic_link.zip", out.getvalue(), "archive_unsafe", members=[])
    secret = bytearray(archive({"secret.csv": "a;b;c;d;e;f;g;h;i;j\n"}, zipfile.ZIP_STORED))
    secret[6] |= 1
    secret[secret.index(b"PK\1\2") + 8] |= 1
    review("encrypted.zip", bytes(secret), "password_needed", members=[])
    torn = bytearray(archive({"torn.csv": "Invoice;Amount\n" * 40}, zipfile.ZIP_STORED))
    torn[60] ^= 1
    review("wrong_checksum.zip", bytes(torn), "archive_unreadable", members=[])
    review("many_entries.zip", archive({f"{number}": b"" for number in range(501)}, zipfile.ZIP_STORED), "archive_limits", members=[])
    nested = archive({"a.txt": "hello"})
    for depth in range(4):
        nested = archive({f"level{depth}.zip": nested})
    review("nested.zip", nested, "archive_limits", members=[])
    review("empty.zip", archive({}), "empty_file", members=[])
    review("truncated.zip", archive({"a.csv": "Invoice;Amount\n" * 40})[:70], "archive_unreadable", members=[])
    # 17
    sheet = {
        "[Content_Types].xml": "<Types xmlns='http://schemas.openxmlformats.org/package/2006/content-types'/>",
        "xl/workbook.xml": "<workbook",
        "xl/worksheets/sheet1.xml": "<worksheet><sheetData><row",
    }
    review("torn.xlsx", archive(sheet), "not_understood")
    wide = {
        "[Content_Types].xml": "<Types xmlns='http://schemas.openxmlformats.org/package/2006/content-types'><Default Extension='xml' ContentType='application/xml'/></Types>",
        "xl/_rels/workbook.xml.rels": "<Relationships xmlns='http://schemas.openxmlformats.org/package/2006/relationships'><Relationship Id='r1' Type='http://schemas.openxmlformats.org/officeDocument/2006/relationships/worksheet' Target='worksheets/sheet1.xml'/></Relationships>",
        "xl/workbook.xml": "<workbook xmlns='http://schemas.openxmlformats.org/spreadsheetml/2006/main' xmlns:r='http://schemas.openxmlformats.org/officeDocument/2006/relationships'><sheets><sheet name='A' sheetId='1' r:id='r1'/></sheets></workbook>",
        "xl/worksheets/sheet1.xml": "<worksheet xmlns='http://schemas.openxmlformats.org/spreadsheetml/2006/main'><dimension ref='A1:XFD1048576'/><sheetData><row r='1'><c r='A1' t='inlineStr'><is><t>x</t></is></c></row><row r='1048576'><c r='XFD1048576' t='inlineStr'><is><t>y</t></is></c></row></sheetData></worksheet>",
    }
    review("far_corner.xlsx", archive(wide), "archive_limits|not_understood")
    nowhere = "<worksheet xmlns='http://schemas.openxmlformats.org/spreadsheetml/2006/main'><sheetData><row r='1'><c r='A99999999999999' t='inlineStr'><is><t>x</t></is></c></row></sheetData></worksheet>"
    review("cell_nowhere.xlsx", archive({**wide, "xl/worksheets/sheet1.xml": nowhere}), "sheet_unreadable|not_understood")


# Markup, mail, text --------------------------------------------------------------------------------------------------


def mail(body, subject="Remittance", head="", kind="text/plain; charset=utf-8", sender="Someone <someone@elsewhere.example>"):
    first = f"From: {sender}\r\n" if sender else ""
    return (f"{first}To: receivables@quillmere.example\r\nSubject: {subject}\r\nDate: Wed, 02 Sep 2026 09:12:00 +0000\r\nMessage-ID: <{hashlib.md5((subject + body[:200]).encode()).hexdigest()}@elsewhere.example>\r\n"
            f"MIME-Version: 1.0\r\n{head}Content-Type: {kind}\r\n\r\n{body}")


def text_cases():
    # 1
    review("empty.csv", b"", "empty_file")
    review("spaces.txt", b"   \r\n\t\r\n   \n", "empty_file")
    review("only_a_mark.csv", b"\xef\xbb\xbf", "empty_file")
    review("zeros.bin", b"\0" * 4096, "empty_file")
    # 18
    review("external_entity.xml", '<?xml version="1.0"?><!DOCTYPE Document [<!ENTITY x SYSTEM "file:///etc/passwd">]><Document>&x;</Document>', "xml_dtd")
    laughs = "".join(f'<!ENTITY l{n} "{f"&l{n - 1};" * 10 if n else "lol"}">' for n in range(10))
    review("billion_laughs.xml", f'<?xml version="1.0"?><!DOCTYPE l [{laughs}]><l>&l9;</l>', "xml_dtd")
    review("deep.xml", '<?xml version="1.0"?>' + "<a>" * 9_000, "xml_limits")
    review("not_closed.xml", '<?xml version="1.0"?><Document', "xml_malformed")
    review("unknown_message.xml", '<?xml version="1.0"?><Document xmlns="urn:iso:std:iso:20022:tech:xsd:seev.031.001.09"><CorpActnNtfctn/></Document>', "not_understood")
    # 33
    review("unknown_set.edi", "ISA*00*          *00*          *ZZ*5410003        *12*6145550917     *260824*0915*U*00401*000700208*0*P*>~GS*PO*5410003*6145550917*20260824*0915*1*X*004010~ST*850*0001~BEG*00*SA*1**20260824~SE*3*0001~GE*1*1~IEA*1*000700208~", "not_understood")
    review("test_flag.edi", order_820([("INV-260541", "2085.36", "2085.36")], "2085.36", "TRN-T1", flag="T"), "test_data")
    review("words_for_amounts.edi", order_820([("INV-260553", "many", "lots")], "twelve", "TRN-T2"), "amount")
    # 35
    review("empty_mail.eml", "\r\n\r\n", "empty_file")
    review("encrypted.eml", mail("MIAGCSqGSIb3DQEHA6CAMIACAQAxgg==\r\n", "Secret", "Content-Transfer-Encoding: base64\r\nContent-Disposition: attachment; filename=\"smime.p7m\"\r\n", "application/pkcs7-mime; smime-type=enveloped-data; name=\"smime.p7m\""), "encrypted")
    winmail = 'Content-Type: application/ms-tnef; name="winmail.dat"\r\nContent-Transfer-Encoding: base64\r\nContent-Disposition: attachment; filename="winmail.dat"\r\n\r\neJ8+IgAA\r\n'
    review("winmail.eml", mail(f"--b\r\nContent-Type: text/plain\r\n\r\nsee attachment\r\n--b\r\n{winmail}--b--\r\n", "Wrapped", kind='multipart/mixed; boundary="b"'), "winmail")
    nested = mail("The innermost letter.\r\n", "level 20")
    for level in range(19, 0, -1):
        nested = mail(f"--b{level}\r\nContent-Type: message/rfc822\r\n\r\n{nested}\r\n--b{level}--\r\n", f"level {level}", kind=f'multipart/mixed; boundary="b{level}"')
    review("nested_twenty_deep.eml", nested, "mail_limits")
    put("documents", "broken_base64.eml", mail("--b\r\nContent-Type: text/plain\r\n\r\nsee attachment\r\n--b\r\nContent-Type: application/pdf; name=\"a.pdf\"\r\nContent-Transfer-Encoding: base64\r\nContent-Disposition: attachment; filename=\"a.pdf\"\r\n\r\n!!!!%%%%JVBERi0x====\r\n--b--\r\n", "Broken", kind='multipart/mixed; boundary="b"'),
        status="processed", member_codes={"a.pdf": "type_mismatch|unreadable_pdf|not_understood|empty_file"})
    put("documents", "no_attachment_bytes.eml", mail("--b\r\nContent-Type: text/plain\r\n\r\nsee attachment\r\n--b\r\nContent-Type: application/pdf; name=\"b.pdf\"\r\nContent-Disposition: attachment; filename=\"b.pdf\"\r\n\r\n--b--\r\n", "Nothing inside", kind='multipart/mixed; boundary="b"'),
        status="processed", member_codes={"b.pdf": "empty_file|arrived before"})
    put("documents", "absence.eml", mail("I am out of the office until Monday. INV-260537 1892.76\r\n", "Automatic reply: Remittance", "Auto-Submitted: auto-replied\r\n"), status="processed")
    put("documents", "delivery_report.eml", mail("--b\r\nContent-Type: text/plain\r\n\r\nYour message could not be delivered.\r\n--b--\r\n", "Undelivered Mail", kind='multipart/report; report-type=delivery-status; boundary="b"'), status="processed")
    put("documents", "no_sender.eml", mail("A letter of nobody about nothing in particular.\r\n", "Hello", sender=None), status="processed")
    # 16: kept as text, run by nobody.
    put("documents", "script.eml", mail("<html><body onload=\"alert(1)\"><script>alert(1)</script><img src=\"http://elsewhere.example/pixel.png\"><p>Dear colleagues, we shall write again next week.</p></body></html>", "Greetings", kind="text/html; charset=utf-8"), status="processed")
    review("drawing.svg", '<svg xmlns="http://www.w3.org/2000/svg" onload="alert(1)"><script>alert(1)</script></svg>', "not_understood")
    # 36, 37
    review("other_script.txt", "\u0627\u0644\u0633\u0644\u0627\u0645 \u0639\u0644\u064a\u0643\u0645\n\u4f60\u597d\uff0c\u4e16\u754c\n\u0421\u0447\u0451\u0442 \u2116 4711\n" + "a" + "\u0301" * 3000 + "\n", "not_understood")
    review("nul_inside.csv", b"Invoice No.;Net Amount\nINV\0-1;1\0.00\n", None)
    review("noise.bin", bytes((n * n * 31 + n * 7 + 3) % 256 for n in range(3000)), "not_understood")
    # 27, 23: an advice of nobody we know, of a currency that is gone, of nothing.
    review("unknown_payer.csv", advice("ZZ-1", "Unheard Of Traders Ltd", [("XQ-9001", "100.00", "100.00")], "100.00", "USD"), "payer_unknown")
    review("currency_gone.csv", advice("ZZ-2", "Feinkost Tannhof KG", [("RE-71234", "5152.57", "5152.57")], "5152.57", "DEM"), "currency")
    review("no_currency_word.csv", advice("ZZ-3", "Feinkost Tannhof KG", [("RE-71242", "2758.90", "2758.90")], "2758.90", "\u20acuro"), "currency")
    review("minor_units.csv", advice("ZZ-4", "Gable & Rowe Grocers LLC", [("INV-260504", "394.28", "394.28")], "394.285", "USD"), "minor_units")
    review("beyond_measure.csv", advice("ZZ-5", "Gable & Rowe Grocers LLC", [("INV-260504", "394.28", "394.28")], "99999999999999999999.00", "USD"), "amount")
    review("negative.csv", advice("ZZ-6", "Gable & Rowe Grocers LLC", [("INV-260514", "-754.08", "-754.08")], "-754.08", "USD"), "negative_payment")
    # 21
    review("thousands_or_decimals.csv", "Payment No.;ZZ-7\nPayment Date;2026-09-18\nPayer;Gable & Rowe Grocers LLC\nCurrency;USD\n\nInvoice No.;Net Amount\nINV-260537;1.892\nINV-260541;2.085\n", "ambiguous_amount")


# What is whole is read -----------------------------------------------------------------------------------------------


def advice(number, payer, lines, total, currency, date="2026-09-18"):
    head = f"Payment No.,{number}\nPayment Date,{date}\nPayer,{payer}\nCurrency,{currency}\nTotal Payment,{total}\n\nInvoice No.,Gross Amount,Net Amount\n"
    return head + "".join(f"{invoice},{gross},{net}\n" for invoice, gross, net in lines)


def order_820(lines, total, number, flag="P", count=None, payer="GABLE & ROWE GROCERS LLC", account="04400511"):
    body = [f"BPR*I*{total}*C*ACH*CTX*01*099900037*DA*{account}*541000{number[-1]}03**01*099900012*DA*55017342*20260824", f"TRN*1*{number}", "REF*VR*0048139", "DTM*097*20260824",
            f"N1*PR*{payer}*92*US200", "N1*PE*QUILLMERE HOME & PANTRY INC.*92*0048139", "ENT*1"]
    body += [f"RMR*IV*{invoice}**{net}*{gross}" for invoice, gross, net in lines]
    return "~\n".join(["ISA*00*          *00*          *ZZ*5410003        *12*6145550917     *260824*0915*U*00401*0007" + f"{zlib.crc32(number.encode()) % 100000:05}" + f"*0*{flag}*>",
                       "GS*RA*5410003*6145550917*20260824*0915*7*X*004010", "ST*820*0001", *body, f"SE*{count if count is not None else len(body) + 2}*0001", "GE*1*7", "IEA*1*000700108"]) + "~\n"


def remadv(number, lines, total, count=None, close=True):
    body = [f"UNH+1+REMADV:D:96A:UN:EAN003", f"BGM+481+{number}+9", "DTM+137:20260914:102", f"RFF+PQ:{number}", "NAD+PR+5411870000208::9++Getr\u00e4nke Ulmbach GmbH",
            "NAD+PE+5409870000144::9++Quillmere Deutschland GmbH", "CUX+2:EUR:11"]
    for invoice, amount in lines:
        body += [f"DOC+380+{invoice}", f"MOA+9:{amount}:EUR", f"MOA+12:{amount}:EUR"]
    body += ["UNS+S", f"MOA+12:{total}:EUR"]
    tail = [f"UNT+{count if count is not None else len(body) + 1}+1", "UNZ+1+226"] if close else []
    return ("UNA:+.? '\nUNB+UNOC:3+5411870000208:14+5409870000144:14+260914:0930+226'\n" + "".join(f"{segment}'\n" for segment in body + tail)).encode("latin-1")


def camt(entries, opening, closing, name, account="NL72QMRE0055017342", currency="EUR"):
    def entry(amount, payer, text, sign="CRDT", extra="", details=True):
        inside = (f"<NtryDtls><TxDtls><RltdPties><Dbtr><Nm>{payer}</Nm></Dbtr></RltdPties><RmtInf><Ustrd>{text}</Ustrd></RmtInf></TxDtls></NtryDtls>" if details else "<NtryDtls><Btch><NbOfTxs>7</NbOfTxs></Btch></NtryDtls>")
        return (f'<Ntry><Amt Ccy="{currency}">{amount}</Amt><CdtDbtInd>{sign}</CdtDbtInd>{extra}<Sts>BOOK</Sts><BookgDt><Dt>2026-09-18</Dt></BookgDt><ValDt><Dt>2026-09-18</Dt></ValDt>'
                f"<BkTxCd><Domn><Cd>PMNT</Cd><Fmly><Cd>RCDT</Cd><SubFmlyCd>ESCT</SubFmlyCd></Fmly></Domn></BkTxCd>{inside}</Ntry>")
    balance = lambda code, amount: f'<Bal><Tp><CdOrPrtry><Cd>{code}</Cd></CdOrPrtry></Tp><Amt Ccy="{currency}">{amount}</Amt><CdtDbtInd>CRDT</CdtDbtInd><Dt><Dt>2026-09-18</Dt></Dt></Bal>'
    return (f'<?xml version="1.0" encoding="UTF-8"?>\n<Document xmlns="urn:iso:std:iso:20022:tech:xsd:camt.053.001.08"><BkToCstmrStmt><GrpHdr><MsgId>{name}</MsgId><CreDtTm>2026-09-18T19:30:00</CreDtTm></GrpHdr>'
            f"<Stmt><Id>{name}</Id><CreDtTm>2026-09-18T19:30:00</CreDtTm><Acct><Id><IBAN>{account}</IBAN></Id><Ccy>{currency}</Ccy></Acct>"
            + balance("OPBD", opening) + balance("CLBD", closing) + "".join(entry(*one) if isinstance(one, tuple) else entry(**one) for one in entries) + "</Stmt></BkToCstmrStmt></Document>\n")


def posted(name, content, payments, status="processed", code=None, **more):
    put("posted", name, content, status=status, code=code, payments=payments, **more)


def posted_cases():
    # 4: a table of contents that lies is repaired, and what the page says is read.
    page = advice_page("BI-4001", "Gable & Rowe Grocers LLC", [("INV-260504", "07/01/2026", "394.28", "0.00", "394.28"), ("INV-260514", "07/02/2026", "754.08", "0.00", "754.08")], "1148.36")
    posted("no_xref.pdf", pdf(paper(page), broken="none") + b"trailer\n<< /Root 1 0 R >>\n", [["1148.36", "USD", "announced", "1148.36"]])
    page = advice_page("BI-4002", "Gable & Rowe Grocers LLC", [("INV-260517", "07/03/2026", "630.08", "0.00", "630.08"), ("INV-260522", "07/06/2026", "841.44", "0.00", "841.44")], "1471.52")
    posted("wrong_xref.pdf", pdf(paper(page), broken="offsets"), [["1471.52", "USD", "announced", "1471.52"]])
    # 7: a PDF that only restricts printing opens by itself.
    page = advice_page("BI-4003", "Hollin Ridge Cash & Carry Inc", [("INV-260481", "06/25/2026", "2446.56", "0.00", "2446.56"), ("INV-260486", "06/26/2026", "1383.84", "0.00", "1383.84")], "3830.40")
    posted("no_password.pdf", encrypted(page, b""), [["3830.40", "USD", "announced", "3830.40"]])
    # 8: what a paper would start is not started, and what it says is read.
    page = advice_page("BI-4031", "Saltmarsh Drug Stores Inc", [("INV-260474", "06/24/2026", "3190.16", "0.00", "3190.16")], "3190.16")
    posted("launch_beside_words.pdf", pdf(paper(page, catalog=b"/OpenAction << /S /Launch /F (calc.exe) >>")), [["3190.16", "USD", "announced", "3190.16"]])
    # 9: words that nobody sees are no words of the paper.
    page = advice_page("BI-4032", "Saltmarsh Drug Stores Inc", [("INV-260578", "07/30/2026", "1549.44", "0.00", "1549.44")], "1549.44")
    unseen = page + b"\nBT 3 Tr /F1 10 Tf 1 0 0 1 50 300 Tm (Total Payment USD) Tj 1 0 0 1 480 300 Tm (9999.99) Tj ET"
    posted("unseen_total.pdf", pdf(paper(unseen)), [["1549.44", "USD", "announced", "1549.44"]])
    # 13
    page = advice_page("BI-4033", "Saltmarsh Drug Stores Inc", [("INV-260581", "08/04/2026", "3728.64", "0.00", "3728.64")], "3728.64")
    posted("upside_down.pdf", pdf(paper(page, extra=b"/Rotate 180")), [["3728.64", "USD", "announced", "3728.64"]])
    page = advice_page("BI-4034", "Saltmarsh Drug Stores Inc", [("INV-260585", "08/06/2026", "918.72", "0.00", "918.72")], "918.72")
    posted("on_its_side.pdf", pdf(paper(page, extra=b"/Rotate 90")), [["918.72", "USD", "announced", "918.72"]])
    # 15: a name is only a name; the test adds worse ones.
    posted("=cmd('x').csv", advice("BI-4004", "Hollin Ridge Cash & Carry Inc", [("INV-260488", "812.48", "812.48")], "812.48", "USD"), [["812.48", "USD", "announced", "812.48"]])
    # 19
    rows = "Payment No.;BI-4005\nPayment Date;18.09.2026\nPayer;Feinkost Tannhof KG\nCurrency;EUR\nTotal Payment;7911,47\n\nRechnung;Brutto;Netto\n"
    posted("ragged.csv", (rows + "RE-71234;5152,57;5152,57;;;left over\nRE-71242;2758,90;2758,90\n").encode(), [["7911.47", "EUR", "announced", "7911.47"]])
    mixed = "Payment No.;BI-4006\rPayment Date;18.09.2026\r\nPayer;Getr\u00e4nke Ulmbach GmbH\nCurrency;EUR\nTotal Payment;5323,79\n\nRechnung;Brutto;Netto;Grund\r\nRE-71238;911,76;911,76;\"zwei\nZeilen\"\nRE-71244;4412,03;4412,03;Stra\u00dfe\nSumme;5323,79;5323,79;\n"
    posted("mixed_line_ends.csv", mixed.encode("cp1252"), [["5323.79", "EUR", "announced", "5323.79"]])
    # 20: kept letter by letter; the test looks at the export.
    formula = "Payment No.,BI-4007\nPayment Date,2026-09-18\nPayer,Ashlar Stores plc\nCurrency,GBP\nTotal Payment,2868.08\n\nInvoice No.,Gross Amount,Deduction,Net Amount,Reason\nQUK261068,2968.08,100.00,2868.08,=cmd|' /C calc'!A0\n"
    posted("formula.csv", formula, [["2868.08", "GBP", "announced", "2868.08"]], reason="=cmd|' /C calc'!A0")
    # 21: every notation of the trade, and a document that settles its own.
    head = "Payment No.;{}\nPayment Date;2026-09-18\nPayer;Nordwall Handels GmbH\nCurrency;EUR\nTotal Payment;{}\n\nInvoice No.;Net Amount\n{}"
    for name, number, total, rows in [
        ("points_and_comma", "BI-4041", "7.275,74", "RE-71266;5.499,02\nRE-71270;1.776,72\n"),
        ("narrow_blanks", "BI-4042", "4\u202f047,05", "RE-71278;4\u202f047,05\n"),
        ("hard_blanks", "BI-4043", "5\u00a0238,15", "RE-71281;5\u00a0238,15\n"),
        ("apostrophes", "BI-4044", "2'944.02", "RE-71292;2'944.02\n"),
        ("typographic_minus", "BI-4045", "2.171,98", "RE-71293;2.221,98\nDN-1;\u221250,00\n"),
        ("minus_behind", "BI-4046", "823,39", "RE-71294;883,39\nDN-2;60,00-\n"),
        ("brackets", "BI-4047", "1.599,57", "RE-71299;1.659,57\nDN-3;(60,00)\n"),
        ("currency_word", "BI-4048", "EUR 2.335,86", "RE-71303;2.335,86 \u20ac\n"),
    ]:
        paid = "".join(character for character in total if character.isdigit())
        paid = f"{int(paid) / 100:.2f}"
        whole = {"BI-4045": "2221.98", "BI-4046": "883.39", "BI-4047": "1659.57"}.get(number, paid)
        posted(f"{name}.csv", head.format(number, total, rows), [[paid, "EUR", "announced", whole]])
    # 23
    posted("other_currency.csv", advice("BI-4008", "Ashlar Stores plc", [("QUK261070", "977.76", "977.76")], "977.76", "EUR"), [["977.76", "EUR", "announced", "0.00"]], code="currency_mismatch")
    # 24: an impossible date is no date.
    posted("impossible_date.csv", advice("BI-4009", "Ashlar Stores plc", [("QUK261071", "2173.32", "2173.32")], "2173.32", "GBP", date="31.02.2026"), [["2173.32", "GBP", "announced", "2173.32"]], no_date=True)
    posted("zero_date.csv", advice("BI-4010", "Ashlar Stores plc", [("QUK261078", "1840.08", "1840.08")], "1840.08", "GBP", date="00/00/0000"), [["1840.08", "GBP", "announced", "1840.08"]], no_date=True)
    for name, number, invoice, amount, written in [("two_digit_year", "BI-4051", "QUK261080", "4085.52", "18.09.26"), ("month_name", "BI-4052", "QUK261087", "718.56", "18. September 2026"), ("leap_day", "BI-4053", "QUK261088", "3915.36", "29.02.2024")]:
        posted(f"{name}.csv", advice(number, "Fennimore Wholesale Ltd", [(invoice, amount, amount)], amount, "GBP", date=written), [[amount, "GBP", "announced", amount]])
    posted("no_leap_day.csv", advice("BI-4054", "Fennimore Wholesale Ltd", [("QUK261090", "3875.12", "3875.12")], "3875.12", "GBP", date="29.02.2026"), [["3875.12", "GBP", "announced", "3875.12"]], no_date=True)
    posted("year_2206.csv", advice("BI-4055", "Fennimore Wholesale Ltd", [("QUK261125", "1462.90", "1462.90")], "1462.90", "GBP", date="18.09.2206"), [["1462.90", "GBP", "announced", "1462.90"]], no_date=True)
    # 25: a cent, and a line.
    posted("a_cent_short.csv", advice("BI-4011", "Fennimore Wholesale Ltd", [("QUK261030", "2663.28", "2663.28"), ("QUK261046", "665.28", "665.28")], "3328.57", "GBP"), [["3328.57", "GBP", "held", "3328.56"]], code="unbalanced", status="needs_review")
    posted("more_than_paid.csv", advice("BI-4012", "Fennimore Wholesale Ltd", [("QUK261051", "4177.30", "4177.30"), ("QUK261060", "1968.82", "1968.82")], "4177.30", "GBP"), None, status="needs_review", code="unbalanced")
    # 27: unknown, another customer's, settled already.
    posted("unknown_invoice.csv", advice("BI-4013", "Fennimore Wholesale Ltd", [("QUK261075", "2354.16", "2354.16"), ("QUK999999", "50.00", "50.00")], "2404.16", "GBP"), [["2404.16", "GBP", "announced", "2354.16"]], code="unknown_reference")
    posted("other_customers_invoice.csv", advice("BI-4014", "Saltmarsh Drug Stores Inc", [("INV-260433", "1486.24", "1486.24"), ("INV-260493", "915.84", "915.84")], "2402.08", "USD"), [["2402.08", "USD", "announced", "1486.24"]], code="unknown_reference")
    posted("already_paid.csv", advice("BI-4015", "Saltmarsh Drug Stores Inc", [("INV-260414", "1458.24", "1458.24"), ("INV-260446", "3575.88", "3575.88")], "5034.12", "USD"), [["5034.12", "USD", "announced", "3575.88"]], code="already_paid")
    # 29: more held back than the invoice is worth leaves nothing to pay.
    over = "Payment No.,BI-4016\nPayment Date,2026-09-18\nPayer,Saltmarsh Drug Stores Inc\nCurrency,USD\nTotal Payment,2505.92\n\nInvoice No.,Gross Amount,Deduction,Net Amount,Reason\nINV-260494,3505.92,,3505.92,\nINV-260577,1187.60,2187.60,-1000.00,Promotion\n"
    posted("more_than_the_invoice.csv", over, [["2505.92", "USD", "announced", "3505.92"]], code="deduction_above_open")
    # 33
    posted("wrong_count.edi", order_820([("INV-260541", "2085.36", "2085.36"), ("INV-260553", "4280.16", "4280.16")], "6365.52", "BI-4021", count=99), [["6365.52", "USD", "announced", "6365.52"]], code="edi_structure")
    cut = order_820([("INV-260571", "2329.28", "2329.28"), ("INV-260589", "1074.24", "1074.24")], "3403.52", "BI-4022")
    posted("cut_off.edi", cut[: cut.index("SE*")], [["3403.52", "USD", "announced", "3403.52"]], code="edi_structure")
    posted("wrong_count_remadv.edi", remadv("BI-4023", [("RE-71248", "1155.84"), ("RE-71252", "4164.14")], "5319.98", count=7), [["5319.98", "EUR", "announced", "5319.98"]], code="edi_structure")
    posted("cut_off_remadv.edi", remadv("BI-4024", [("RE-71274", "1452.20"), ("RE-71307", "2110.35")], "3562.55", close=False), [["3562.55", "EUR", "announced", "3562.55"]], code="edi_structure")
    # 34
    posted("balance_gap.xml", camt([("3789.43", "VD LINT SUPERM", "202640188")], "1000.00", "9999.99", "BG1"), [["3789.43", "EUR", "allocated", "3789.43"]], code="statement_gap")
    posted("batch_without_details.xml", camt([dict(amount="777.77", payer="", text="", details=False)], "1000.00", "1777.77", "BG2"), [["777.77", "EUR", "received", "0.00"]], code="batch_without_details")
    posted("reversal.xml", camt([dict(amount="50.00", payer="VD LINT SUPERM", text="202640191", sign="CRDT", extra="<RvslInd>true</RvslInd>")], "1000.00", "1050.00", "BG3"), [])
    posted("balance_gap.sta", ":20:STM1\n:25:DE98100999120055017342\n:28C:00041/001\n:60F:C260917EUR100,00\n:61:2609180918C3927,49NTRFNONREF//B0410000\n:86:166?00GUTSCHRIFT?20SVWZ+202640187?32POLDERGOED\n:62F:C260918EUR1,00\n-\n", [["3927.49", "EUR", "allocated", "3927.49"]], code="statement_gap")
    # 34: a reference that the bank broke over its lines, and money without a word.
    posted("wrapped_reference.sta", ":20:STM2\n:25:DE98100999120055017342\n:28C:00042/001\n:60F:C260917EUR100,00\n:61:2609180918C1612,37NTRFNONREF//B0420000\n:86:166?00GUTSCHRIFT?20SVWZ+Rechnung RE-71?21318?32NORDWALL HANDELS GMBH\n:62F:C260918EUR1712,37\n-\n", [["1612.37", "EUR", "allocated", "1612.37"]])
    posted("no_words.xml", camt([("817.14", "NORDWALL HANDELS GMBH", "")], "1000.00", "1817.14", "BG4"), [["817.14", "EUR", "allocated", "817.14"]])
    # 35: a logo and a calendar entry beside the advice.
    logo = "--b\r\nContent-Type: image/png\r\nContent-Transfer-Encoding: base64\r\nContent-ID: <logo>\r\nContent-Disposition: inline; filename=\"logo.png\"\r\n\r\niVBORw0KGgo=\r\n"
    entry = "--b\r\nContent-Type: text/calendar; method=REQUEST\r\n\r\nBEGIN:VCALENDAR\r\nEND:VCALENDAR\r\n"
    csv_part = "--b\r\nContent-Type: text/csv; name=\"advice.csv\"\r\nContent-Disposition: attachment; filename=\"advice.csv\"\r\n\r\n" + advice("BI-4061", "Fennimore Wholesale Ltd", [("QUK261094", "990.68", "990.68")], "990.68", "GBP") + "\r\n"
    posted("spoofed.eml", mail("--b\r\nContent-Type: text/plain\r\n\r\nsee attachment\r\n" + csv_part.replace("BI-4061", "BI-4062") + "--b--\r\n", "Advice BI-4062", "Authentication-Results: mx.quillmere.example; spf=fail; dmarc=fail header.from=elsewhere.example\r\n", 'multipart/mixed; boundary="b"'), [], code="sender_unproven", members=["advice.csv"], member_codes={"advice.csv": "sender_unproven"}, status="needs_review")
    crowd = "".join(f"--b\r\nContent-Type: text/plain; name=\"note{number}.txt\"\r\nContent-Disposition: attachment; filename=\"note{number}.txt\"\r\n\r\nNote {number} of a long meeting.\r\n" for number in range(300))
    posted("three_hundred_attachments.eml", mail("--b\r\nContent-Type: text/plain\r\n\r\nsee attachments\r\n" + crowd + "--b--\r\n", "Notes", kind='multipart/mixed; boundary="b"'), [], members=[f"note{number}.txt" for number in range(300)])
    posted("logo_and_calendar.eml", mail("--b\r\nContent-Type: text/plain\r\n\r\nsee attachment\r\n" + logo + entry + csv_part + "--b--\r\n", "Advice BI-4061", kind='multipart/mixed; boundary="b"'), [], members=["advice.csv"])
    # 36, 37: marks of width zero in a name and a number, letters of another script that look the same, bytes that are no UTF-8.
    posted("zero_width.csv", advice("BI-4071", "Fennimore\u200b Wholesale Ltd", [("QUK26\u200b1109", "2921.76", "2921.76")], "2921.76", "GBP"), [["2921.76", "GBP", "announced", "2921.76"]])
    posted("look_alike_name.csv", advice("BI-4072", "Fennimor\u0435 Wholesale Ltd", [("QUK261112", "3554.11", "3554.11")], "3554.11", "GBP"), [["3554.11", "GBP", "announced", "3554.11"]])
    posted("torn_utf8.csv", advice("BI-4073", "Ashlar Stores plc", [("QUK261098", "3318.80", "3318.80")], "3318.80", "GBP").encode().replace(b"Payer,", b"Note,\xff\xfe caf\xc3\nPayer,"), [["3318.80", "GBP", "announced", "3318.80"]])
    posted("right_to_left.csv", advice("BI-4074", "Ashlar Stores plc", [("QUK261099", "2235.84", "2235.84")], "2235.84", "GBP") + "\u0645\u0644\u0627\u062d\u0638\u0629\n", [["2235.84", "GBP", "announced", "2235.84"]])


# Arrivals one after another ------------------------------------------------------------------------------------------


def arrivals(name, files, documents, payments):
    """A folder whose files arrive one by one: {name: bytes}, what becomes of each as [status, code], and the payments that stand."""
    folder = BAD / "arrivals" / name
    folder.mkdir(parents=True, exist_ok=True)
    for file, content in files.items():
        (folder / file).write_bytes(content.encode() if isinstance(content, str) else content)
    (folder / "expected.json").write_text(json.dumps({"documents": documents, "payments": payments}, ensure_ascii=False) + "\n")


def arrival_cases():
    payer = "Fennimore Wholesale Ltd"
    five = [("QUK261030", "2663.28"), ("QUK261046", "665.28"), ("QUK261051", "4177.30"), ("QUK261060", "1968.82"), ("QUK261075", "2354.16")]

    def of(number, lines, mark="", currency="GBP"):
        total = f"{sum(round(float(amount) * 100) for _, amount in lines) / 100:.2f}"
        return (f"{mark}\n" if mark else "") + advice(number, payer, [(invoice, amount, amount) for invoice, amount in lines], total, currency)

    def bank(amount, words, name):
        return camt([(amount, "FENNIMORE WHSL", words)], "1000.00", f"{1000 + float(amount):.2f}", name, account="GB23LOAM99076604401196", currency="GBP")

    # 26: the bank's money is what counts; the difference is named and never booked by itself.
    arrivals("bank_paid_less", {"1_bank.xml": bank("3300.00", "BI-5001", "BI1"), "2_advice.csv": of("BI-5001", five[:2])},
             {"1_bank.xml": ["processed", None], "2_advice.csv": ["needs_review", "amount_differs"]}, [["3300.00", "GBP", "held", "0.00"]])
    arrivals("bank_paid_more", {"1_bank.xml": bank("3400.00", "BI-5002", "BI2"), "2_advice.csv": of("BI-5002", five[:2])},
             {"1_bank.xml": ["processed", None], "2_advice.csv": ["processed", "amount_differs"]}, [["3400.00", "GBP", "received", "3328.56"]])
    # 34: statements of one account that don't follow each other.
    mt940 = lambda number, opening, closing, day: (f":20:STARTUMS\n:25:NL02LOAM0417164300\n:28C:{number}/1\n:60F:C2608{day - 1:02}EUR{opening},00\n:61:2608{day:02}D{opening - closing},00NCHGNONREF\n"
                                                   f":86:Account charges\n:62F:C2608{day:02}EUR{closing},00\n-\n")
    arrivals("statement_left_out", {"1_statement.sta": mt940(41, 900, 880, 10), "2_statement.sta": mt940(43, 880, 860, 12)},
             {"1_statement.sta": ["processed", None], "2_statement.sta": ["processed", "statement_gap: Statement 43 of account NL02LOAM0417164300 follows 41: 42 has not arrived."]}, [])
    arrivals("statement_of_another_balance", {"1_statement.sta": mt940(41, 900, 880, 10), "2_statement.sta": mt940(42, 870, 850, 11)},
             {"1_statement.sta": ["processed", None], "2_statement.sta": ["processed", "opens at 870.00, statement 41 closed at 880.00"]}, [])
    # 28: the same again, corrected, with another amount, nearly the same under another number, and part of it that is paid for again.
    arrivals("same_again", {"1_advice.csv": of("BI-5003", five[:2]), "2_again.csv": of("BI-5003", five[:2]) + "\n"},
             {"1_advice.csv": ["processed", None], "2_again.csv": ["duplicate", "advised before"]}, [["3328.56", "GBP", "announced", "3328.56"]])
    arrivals("corrected", {"1_advice.csv": of("BI-5004", five[:2]), "2_corrected.csv": of("BI-5004", five[:3], mark="CORRECTED ADVICE - replaces the earlier one")},
             {"1_advice.csv": ["superseded", "corrected version"], "2_corrected.csv": ["processed", None]}, [["7505.86", "GBP", "announced", "7505.86"]])
    arrivals("other_amount", {"1_advice.csv": of("BI-5005", five[:2]), "2_other.csv": of("BI-5005", five[:3])},
             {"1_advice.csv": ["processed", None], "2_other.csv": ["needs_review", "with another amount"]}, [["3328.56", "GBP", "announced", "3328.56"]])
    bare = lambda number, lines: f"Payment No.,{number}\nPayment Date,2026-09-18\nPayer,{payer}\nCurrency,GBP\n\nInvoice No.,Gross Amount,Net Amount\n" + "".join(f"{invoice},{amount},{amount}\n" for invoice, amount in lines)
    arrivals("other_invoices_under_one_number", {"1_advice.csv": bare("BI-5010", five[:2]), "2_other.csv": bare("BI-5010", five[2:4])},
             {"1_advice.csv": ["processed", None], "2_other.csv": ["needs_review", "other invoices"]}, [["3328.56", "GBP", "announced", "3328.56"]])
    arrivals("same_again_without_a_total", {"1_advice.csv": bare("BI-5011", five[:2]), "2_again.csv": bare("BI-5011", five[:2]) + "\n"},
             {"1_advice.csv": ["processed", None], "2_again.csv": ["duplicate", "advised before"]}, [["3328.56", "GBP", "announced", "3328.56"]])
    arrivals("nearly_the_same", {"1_advice.csv": of("BI-5006", five), "2_nearly.csv": of("BI-5007", five[:4] + [("QUK261064", "10.00")])},
             {"1_advice.csv": ["processed", None], "2_nearly.csv": ["needs_review", "near_duplicate"]}, [["11828.84", "GBP", "announced", "11828.84"]])
    arrivals("repeated_with_money", {"1_advice.csv": of("BI-5008", five[:2]), "2_bank.xml": bank("3328.56", "BI-5008", "BI8"), "3_again.csv": of("BI-5009", five[:2]), "4_bank.xml": bank("3328.56", "BI-5009", "BI9")},
             {"1_advice.csv": ["processed", None], "2_bank.xml": ["processed", None], "3_again.csv": ["needs_review", "near_duplicate"], "4_bank.xml": ["processed", None]},
             [["3328.56", "GBP", "allocated", "3328.56"], ["3328.56", "GBP", "received", "0.00"]])


# Reference data ------------------------------------------------------------------------------------------------------


def reference(name, content, loaded, rejects=(), **more):
    put("reference", name, content, exit=3 if rejects else 0, loaded=loaded, rejects=[list(reject) for reject in rejects], **more)


def refused(name, content, error):
    put("reference", name, content, exit=1, error=error)


def reference_cases():
    customers = "customer_id,name,currency\n"
    invoices = "invoice_number,customer_id,issue_date,currency,total_amount\n"
    refused("customers.empty.csv", b"", "the file is empty")
    refused("customers.spaces.csv", b"  \r\n \n", "the file is empty")
    refused("customers.only_a_mark.csv", b"\xef\xbb\xbf", "the file is empty")
    refused("customers.missing_column.csv", "customer_id,name\nX1,A\n", "required column `currency` is missing")
    refused("customers.semicolons.csv", "customer_id;name;currency\nX1;A;EUR\n", "a comma is expected")
    refused("customers.column_twice.csv", "customer_id,name,name,currency\nX1,A,B,EUR\n", "column `name` stands twice")
    refused("customers.latin1.csv", (customers + "X1,Müller,EUR\n").encode("latin-1"), "byte 30 is not UTF-8")
    refused("customers.utf16.csv", (customers + "X1,A,EUR\n").encode("utf-16"), "is not UTF-8")
    reference("customers.header_only.csv", customers, 0)
    reference("customers.mark_and_crlf.csv", b"\xef\xbb\xbf" + (customers + "X1,A,EUR\nX2,B,EUR\n").replace("\n", "\r\n").encode(), 2)
    reference("customers.extra_column.csv", "customer_id,name,currency,shoe_size\nX1,A,EUR,44\n", 1, warning="column `shoe_size`")
    reference("customers.ragged.csv", customers + "X1,A,EUR\nX2,B,EUR,more,cells\nX3,C\nX4,D,USD\n", 2, [(3, "", "ragged_row"), (4, "currency", "required")])
    reference("customers.quote_open.csv", customers + 'X1,A,EUR\nX2,"B,EUR\nX3,C,EUR\n', 1, [(3, "", "quote")])
    reference("customers.newline_inside.csv", customers + 'X1,"A\nB",EUR\nX2,C,DEM\n', 1, [(4, "currency", "currency")])
    reference("customers.header_again.csv", customers + "X1,A,EUR\n" + customers + "X2,B,EUR\n", 2, [(3, "currency", "currency")])
    reference("customers.key_twice.csv", customers + "X1,A,EUR\nX1,B,EUR\nX2,C,EUR\n", 2, [(3, "customer_id", "repeated_key")])
    reference("customers.blank_required.csv", customers + "X1,,EUR\n,B,EUR\nX3,C,EUR\n", 1, [(2, "name", "required"), (3, "customer_id", "required")])
    reference("customers.words.csv", "customer_id,name,currency,language,discount_grace_days,tolerance_amount\nX1,A,EUR,klingon,,\nX2,B,EUR,,two,\nX3,C,EUR,,,1e9\nX4,D,EUR,fr,2,1.50\n", 1,
              [(2, "language", "word"), (3, "discount_grace_days", "number"), (4, "tolerance_amount", "amount_format")])
    reference("customers.negative_days.csv", "customer_id,name,currency,discount_grace_days,dispute_window_days\nX1,A,EUR,-1,\nX2,B,EUR,,-30\nX3,C,EUR,0,45\n", 1,
              [(2, "discount_grace_days", "number"), (3, "dispute_window_days", "number")])
    reference("customers.nul.csv", customers + "X1,A\0B,EUR\nX2,B,EUR\n", 1, [(2, "name", "control_character")])
    reference("customers.parent.csv", "customer_id,name,currency,parent_customer_id\nX1,A,EUR,X2\nX2,B,EUR,\nX3,C,EUR,NOBODY\n", 2, [(4, "parent_customer_id", "unknown_reference")])
    # 20: text stays as it is written.
    reference("customers.formula.csv", customers + "X1,=cmd|' /C calc'!A0,EUR\n@X2,+1,EUR\n", 2)
    amounts = ["12,34", "1e9", "NaN", "Infinity", "99999999999999999999", "1.234", "", "1 000.00", "0x10", "٣"]
    codes = ["amount_format", "amount_format", "amount_format", "amount_format", "amount_range", "minor_units", "required", "amount_format", "amount_format", "amount_format"]
    rows = "".join(f'B{n},US100,2026-01-02,USD,"{amount}"\n' for n, amount in enumerate(amounts))
    reference("invoices.amounts.csv", invoices + rows + "G1,US100,2026-01-02,USD,10.50\n", 1, [(n + 2, "total_amount", code) for n, code in enumerate(codes)])
    reference("invoices.minor_units.csv", invoices + "J1,US100,2026-01-02,JPY,100.50\nJ2,US100,2026-01-02,JPY,100\nK1,US100,2026-01-02,KWD,1.234\nK2,US100,2026-01-02,KWD,1.2345\n", 2,
              [(2, "total_amount", "minor_units"), (5, "total_amount", "minor_units")])
    reference("invoices.currencies.csv", invoices + "C1,US100,2026-01-02,DEM,1\nC2,US100,2026-01-02,€uro,1\nC3,US100,2026-01-02,usd,1\nC4,US100,2026-01-02,USD,1\n", 1,
              [(2, "currency", "currency"), (2, "total_amount", "currency"), (3, "currency", "currency"), (3, "total_amount", "currency"), (4, "currency", "currency"), (4, "total_amount", "currency")])
    dates = ["31.02.2026", "2026-02-30", "00/00/0000", "03/04/2026", "46023", "2026-13-01", "tomorrow", "2026-1-2"]
    reference("invoices.dates.csv", invoices + "".join(f"D{n},US100,{date},USD,1.00\n" for n, date in enumerate(dates)) + "D9,US100,2024-02-29,USD,1.00\n", 1,
              [(n + 2, "issue_date", "date") for n in range(len(dates))])
    reference("invoices.unknown_customer.csv", invoices + "U1,NOBODY,2026-01-02,USD,1.00\nU2,US100,2026-01-02,USD,1.00\n", 1, [(2, "customer_id", "unknown_reference")])
    reference("payments.odd.csv", "payment_id,received_on,payer_name,amount,currency\nY1,2026-01-02,A,0,USD\nY2,2026-01-02,,1.00,USD\nY3,2026-01-02,B,1.00,USD\n", 1, [(2, "amount", "zero"), (3, "payer_name", "required")])
    reference("agreements.words.csv", "agreement_id,customer_id,kind,starts_on,ends_on,rate_type,rate,currency,status\nA1,US100,gift,2026-01-01,2026-02-01,percent,2,USD,confirmed\nA2,US100,slotting,2026-03-01,2026-02-01,amount,2,USD,confirmed\nA3,US100,slotting,2026-01-01,2026-02-01,amount,2,USD,confirmed\n", 1,
              [(2, "kind", "word"), (3, "ends_on", "date_order")])


def main():
    for folder in ["documents", "posted", "arrivals", "reference"]:
        shutil.rmtree(BAD / folder, ignore_errors=True)
    pdf_cases()
    picture_cases()
    archive_cases()
    text_cases()
    posted_cases()
    arrival_cases()
    reference_cases()
    size = sum(path.stat().st_size for path in BAD.rglob("*") if path.is_file())
    print(f"{sum(1 for _ in BAD.rglob('*.expected.json'))} cases, {size} bytes")


main()
