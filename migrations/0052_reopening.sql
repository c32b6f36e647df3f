-- What an import asks for each part of a file: verdicts that evidence did not decide (the first part marks them, for the others the index is empty),
-- invoices of an article, and what travelled together.

create index deductions_unknown on deductions (sequence) where validity = 'unknown' and needs_verdict = false;
create index invoice_lines_sku on invoice_lines (sku) where sku is not null;
create index shipments_shipment on shipments (shipment_id);
create index shipments_bill_of_lading on shipments (bill_of_lading) where bill_of_lading is not null;
create index shipments_carrier on shipments (carrier) where carrier is not null;
