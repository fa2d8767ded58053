# What is printed on sheets
sheet-word-enterprise = Enterprise code
sheet-word-agency = Agency code
sheet-word-blank = Blank code
sheet-band-enterprise = Enterprise code – scan before an inspection begins
sheet-band-agency = Agency code – for the agency's own inspectors
sheet-band-blank = Blank code – to be bound before use
sheet-purpose-enterprise = Inspectors scan to register before entering. Enterprises scan to verify a visitor or to report a visit.
sheet-purpose-agency = Inspectors of this agency scan to sign in and to file. Not for the walls of enterprises.
sheet-purpose-blank = To be bound to its unit on the spot, by scanning it.
sheet-short-purpose-enterprise = Scan before an inspection
sheet-short-purpose-agency = For the agency's own inspectors
sheet-short-purpose-blank = To be bound before use
sheet-name-blank = Name of the unit:
sheet-free = Free of charge · nothing to download · no passcode asked
sheet-free-short = Free · no passcode
sheet-typed = If it cannot be scanned, open { $host } and type the number above; the phone should show the same address
sheet-hotline = Hotline { $number }
sheet-number = No. { $serial } · edition { $edition }
sheet-issued = Issued { $date }
sheet-ruler = Print at 100 % (actual size): this ruler is 50 mm
sheet-cover-title = Code sheets
sheet-cover-count = { $count ->
    [one] 1 sign
   *[other] { $count } signs
}
sheet-cover-towns = Towns, in the order of delivery
sheet-cover-no-town = without a town
sheet-cover-town = { $count } · page { $pages }
sheet-cover-more = { $towns } more towns
sheet-cover-note = Print at 100 % (actual size), never “fit to page”. Every code was decoded and compared. This page is not put up.
sheet-cover-note-label = Print this page on plain paper; the label paper begins with page 2. Print at 100 % (actual size), never “fit to page”. Every code was decoded and compared.

# Kinds of sheet
sheet-kind-a4_poster = A4 door poster
sheet-kind-a5_stand = A5 desk stand
sheet-kind-a6_card = A6 card (four a page)
sheet-kind-label_70x50 = Labels 70 × 50 mm (15 a page)
sheet-kind-label_60x50 = Labels 60 × 50 mm (15 a page)
sheet-kind-label_l7160 = Labels L7160, 63.5 × 38.1 mm (21 a page)

# What the proof found
sheet-fault = Sign { $serial } ({ $name }) did not pass the proof: { $why }
sheet-fault-character = the font has no “{ $detail }”; correct the name in the registry and make the sheets again
sheet-fault-too-long = the address does not fit into a code
sheet-fault-drawing = the drawing has a command that cannot be proved ({ $detail })
sheet-fault-quiet = something stands in the white around the code
sheet-fault-unreadable = the code cannot be decoded
sheet-fault-link = the code does not lead to the address of this sign
sheet-fault-words = “{ $detail }” does not stand on the sheet in full
sheet-none = No sign meets the conditions
sheet-too-many = At most { $most } signs at a time; these are { $count }. Make them town by town.

# The console: code sheets
nav-sheets = Code sheets
sheets-kind = Sheet
sheets-scope = Which signs
sheet-scope-never_printed = Never printed
sheet-scope-replaced = Replacements of the last 30 days
sheet-scope-in_use = All in use
sheet-scope-blank = Blank signs
sheet-scope-chosen = { $count ->
    [one] 1 chosen sign
   *[other] { $count } chosen signs
}
sheets-unit = Kind
sheets-both = Enterprises and agencies
sheets-town = Town
sheets-all-towns = All towns
sheets-tag = Tag
sheets-any-tag = Any
sheets-medium = Where it hangs
sheet-medium-paper = Indoors, paper (level Q)
sheet-medium-outdoor = Outdoors (level H)
sheets-form = File
sheet-form-pdf = PDF, to print yourself
sheet-form-zip = ZIP, for a print shop
sheets-cover = Cover page
sheet-cover-yes = With a cover
sheet-cover-no = Without a cover
sheets-skip = Labels to skip (used up)
sheet-skipped = { $count } skipped
sheets-preview = Preview
sheets-make = Make
sheets-count = { $count ->
    [one] 1 sign
   *[other] { $count } signs
} on { $pages ->
    [one] 1 page
   *[other] { $pages } pages
}
sheets-order = In the order of delivery: town, street, house number.
sheets-proof = Each sign is decoded and compared while it is made. If one differs, nothing is handed out, and you are told which one.
sheets-begin = Begin
sheets-first-page = First page
sheets-first-page-alt = Preview of the first page
sheets-batches = Batches so far
sheets-no-batches = Nothing was made so far.
sheets-batch = A batch of code sheets
sheets-back = Back to code sheets
sheets-asked = Asked for
sheets-conditions = Conditions
sheets-number = How many
sheets-id = Batch
sheets-progress = See how far it is
sheets-download = Download
sheets-kept = The file is kept until { $time }. Downloading is not printing.
sheets-gone = The file went on { $time }. Make it again.
sheets-mark = Printing
sheets-mark-hint = Confirm once they are really printed: a download may just be a look, so it does not count. These signs are then noted as printed and are no longer among those never printed.
sheets-mark-do = Confirm that they were printed
sheets-marked = { $count ->
    [one] 1 sign was noted as printed.
   *[other] { $count } signs were noted as printed.
}
sheets-left-out = { $count ->
    [one] 1 sign was no longer in use by then. Take it out of the parcel:
   *[other] { $count } signs were no longer in use by then. Take them out of the parcel:
}
sheets-making = Being made
sheets-ready = To be printed
sheets-printed = Printed
sheets-failed = Not made
sheets-cancelled = Cancelled
sheets-expired = File gone

# Facts of a cover
sheet-fact-kind = Sheet
sheet-fact-counts = How many
sheet-fact-filter = Conditions
sheet-fact-date = Made
sheet-fact-host = Address in the codes
sheet-fact-serials = Numbers
sheet-file-a4_poster = A4-posters
sheet-file-a5_stand = A5-stands
sheet-file-a6_card = A6-cards
sheet-file-label_70x50 = labels-70x50
sheet-file-label_60x50 = labels-60x50
sheet-file-label_l7160 = labels-L7160
