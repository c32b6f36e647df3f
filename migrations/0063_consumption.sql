-- The units that a deduction was paid for under its agreement, as JSON: the same unit is never paid for twice.
alter table deductions add column consumes text;
