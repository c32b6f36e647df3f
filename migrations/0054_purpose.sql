-- What a document was brought for by somebody who may not post: only that is done with it, until somebody who may post confirms it.
alter table documents add column purpose text;
