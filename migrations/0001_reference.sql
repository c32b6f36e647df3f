-- The reference files of the contract, one table a file. Text ids, amounts in minor units, dates as ISO text, decimals as canonical text.
-- record_key joins the columns that identify a row, row_hash tells whether a later import changes it.

create table company (record_key text primary key, row_hash text not null, legal_entity text not null, name text not null, aliases text, country text, currency text, tax_id text, gln text, bank_accounts text);

create table customers (record_key text primary key, row_hash text not null, customer_id text not null, name text not null, aliases text, parent_customer_id text, tax_id text, gln text, bank_accounts text, country text, currency text not null, language text, email text, email_domains text, payment_terms text, discount_grace_days bigint, dispute_window_days bigint, debit_note_prefixes text, tolerance_amount text);

create table reason_codes (record_key text primary key, row_hash text not null, customer_id text, code text not null, description text, category text not null);

create table products (record_key text primary key, row_hash text not null, sku text not null, description text not null, gtin text, customer_skus text, unit text not null, case_pack text, pallet_pack text);

create table invoices (record_key text primary key, row_hash text not null, invoice_number text not null, customer_id text not null, issue_date text not null, due_date text, currency text not null, total_amount bigint not null, tax_amount bigint, purchase_order text, delivery_note text, payment_terms text, paid_amount bigint, legal_entity text);
create index invoices_customer on invoices (customer_id, issue_date);
create index invoices_order on invoices (purchase_order) where purchase_order is not null;
create index invoices_delivery_note on invoices (delivery_note) where delivery_note is not null;

create table invoice_lines (record_key text primary key, row_hash text not null, invoice_number text not null, line_number text not null, sku text, description text, quantity text not null, unit text, unit_price text not null, line_amount bigint not null, tax_rate text);
create index invoice_lines_invoice on invoice_lines (invoice_number);

create table agreements (record_key text primary key, row_hash text not null, agreement_id text not null, customer_id text not null, kind text not null, description text, customer_reference text, skus text, starts_on text not null, ends_on text not null, rate_type text not null, rate text not null, committed_stores bigint, cap_amount bigint, currency text not null, status text not null, performance_required text, contact_email text);
create index agreements_customer on agreements (customer_id);

create table scan_data (record_key text primary key, row_hash text not null, customer_id text not null, sku text not null, week_starting text not null, units text not null, store_count bigint);
create index scan_data_customer on scan_data (customer_id);

create table price_list (record_key text primary key, row_hash text not null, customer_id text, sku text not null, unit text, unit_price text not null, currency text not null, valid_from text not null, valid_to text);
create index price_list_sku on price_list (sku);

create table orders (record_key text primary key, row_hash text not null, purchase_order text not null, customer_id text not null, order_date text not null, requested_delivery_date text, sku text not null, quantity text not null, unit text, unit_price text);
create index orders_purchase_order on orders (purchase_order);

create table shipments (record_key text primary key, row_hash text not null, shipment_id text not null, invoice_number text, purchase_order text, sku text not null, shipped_quantity text not null, unit text, shipped_on text, carrier text, bill_of_lading text);
create index shipments_invoice on shipments (invoice_number);

create table deliveries (record_key text primary key, row_hash text not null, delivery_id text not null, shipment_id text, invoice_number text, purchase_order text, sku text not null, received_quantity text not null, damaged_quantity text, refused_quantity text, substituted_for_sku text, unit text, delivered_on text not null, pod_reference text, signed_by text, note text);
create index deliveries_invoice on deliveries (invoice_number);

create table returns (record_key text primary key, row_hash text not null, return_id text not null, customer_id text not null, invoice_number text, sku text not null, quantity text not null, unit text, authorised_on text, received_on text, credit_amount bigint);
create index returns_customer on returns (customer_id);

create table credit_memos (record_key text primary key, row_hash text not null, credit_memo_number text not null, customer_id text not null, invoice_number text, issue_date text not null, amount bigint not null, currency text not null, reason text, reference text);
create index credit_memos_customer on credit_memos (customer_id);

create table settled_deductions (record_key text primary key, row_hash text not null, customer_id text not null, reference text, invoice_number text, agreement_id text, category text, amount bigint not null, currency text not null, settled_on text not null, outcome text, note text);
create index settled_deductions_customer on settled_deductions (customer_id);

create table dispute_windows (record_key text primary key, row_hash text not null, customer_id text, category text, days bigint not null, counted_from text, attempts bigint, source text, verified_on text);

-- Money that arrived: payments.csv and the lines of bank statements. taken_by is the payment that it became part of.
create table bank_payments (record_key text primary key, row_hash text not null, payment_id text not null, received_on text not null, payer_name text not null, payer_account text, customer_id text, amount bigint not null, currency text not null, reference text, words text, document_id text, position bigint, taken_by text);
create index bank_payments_open on bank_payments (payment_id) where taken_by is null;

create table import_runs (run_id text primary key, file text not null, imported_at text not null, rows_read bigint not null, rows_new bigint not null, rows_changed bigint not null, rows_unchanged bigint not null, rows_rejected bigint not null, control_totals text not null);
