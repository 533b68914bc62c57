"""Tables made from tables: what a coded review and its chronology show."""
