# Words that all pages share
system = Mashang Filing
skip = Skip to the content
display = Display
care = Larger text
care-off = Normal text
menu = Menu
main-menu = Main menu
hotline-label = Supervision hotline
yes = Yes
no = No
unknown = Not sure
optional = (optional)
optional-label = { $label } (optional)
back = Back
cancel = Cancel
continue = Continue
save = Save
search = Search
sign-out = Sign out
today = Today
previous-page = Previous
next-page = Next
pagination = Pages
error-prefix = Error: { $title }
error-at = {": "}
errors-found = { $count ->
    [one] There is 1 thing to correct
   *[other] There are { $count } things to correct
}
sending = Sending…
home-title = Inspection filing and oversight
home-lead = Inspectors file before they visit, enterprises verify by scanning, and quiet days stay quiet.
home-code-label = Number, credit code or name of the enterprise
home-code-hint = The number on the sign has 9 characters such as 7K3M-9PQR-X, small letters are fine; of a credit code the last 6 will do.
home-go = Open
home-calendar = See the no-disturb calendar
severity-1 = Note
severity-2 = Warning
severity-3 = Violation
severity-4 = Lead
