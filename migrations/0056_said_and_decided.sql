-- How sure verdicts were is also summed, beside what people decided; all sums are made anew.
delete from summaries;
