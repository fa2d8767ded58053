-- Each filing writes a change, and wrote into this index at a place of its own. Who asks for the enterprises of all changes reads them all.
DROP INDEX figure_changes_by_enterprise;
