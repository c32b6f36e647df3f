-- Invoices that payments name and nobody knew: the payment is settled anew when one of them comes.
create table awaited_invoices (payment_id text not null references payments (payment_id), number text not null, has_come boolean not null, primary key (payment_id, number));
