"""What the visitor's app says. The script has no words of its own."""

from django.utils.translation import gettext as _
from django.utils.translation import pgettext


def words() -> dict[str, str]:
    """What the script says, in the reader's language. `0` stands for a figure."""
    return {
        "today": pgettext("visits app", "Today"), "week": pgettext("visits app", "This week"),
        "hours": pgettext("visits app", "Hours"), "offline": _("No signal: work on as usual."),
        "waiting": _("0 made, kept on this telephone. Sent by itself when there is a signal; nothing is lost."),
        "sent": _("Everything is sent."), "begin": _("Begin the visit"), "age": _("0 years"),
        "last": _("Last time 0"), "kept": _("kept, to be sent"), "made": _("made"), "due": _("by 0"),
        "left": _("Keep on the telephone, 0 blocks left"), "keep": _("Keep on the telephone"),
        "login": _("Log in to send what is kept."), "saved": _("Saved hours: 0"),
        "no_hours": _("No hours are saved under your name. Ask the elders' association."),
        "none": _("No visits are due this week. New ones appear when there is a signal."),
        "none_today": _("Nothing is due today. This is open for the week:"),
        "wrong_pin": _("Wrong PIN; 0 tries left. After that, log in with a signal."),
        "pin_gone": _("Too many wrong PINs. Log in with a signal; what you recorded is still here."),
        "choose_pin": _("Choose a PIN of 6 figures for this telephone."), "enter_pin": _("Enter your PIN."),
        "first": _("Open this page once with a signal and log in; after that it works without."),
        "wiped": _("This telephone's data were deleted, because it was declared lost or your account was closed."),
        "began": _("Began at 0. What you tap is kept at once."), "refused": _("Not accepted"),
        "understood": _("Understood"), "settled": _("Reported twice"),
        "stands": _("stands: 0"), "yours": _("yours: 0"),
        "found": _("Position noted, accurate to 0 m."),
        "far": _("Position noted, 0 m from the address on file."),
        "no_position": _("No position. Read the code at the door, or go on without."),
        "photos": _("0 photographs kept"), "no_consent": _("No consent to photographs is on file: take none."),
        "door_read": _("The code at the door was read."),
        "help_sent": _("Your call for help is kept and sent. Call now:"),
        "tried": _("kept"), "say_met": _("Say whether you met the person."),
        "say_found": _("Say how you found the person."),
        "say_action": _("You found a need. Say what was done about it."),
        "called": _("Call 0"), "read": _("Read aloud"), "no_camera": _("Type the code below the picture."),
        "block_health": pgettext("visit block", "Health"), "block_money": pgettext("visit block", "Money and benefits"),
        "block_family": pgettext("visit block", "Family"), "block_safety": pgettext("visit block", "Safety at home"),
        "block_needs": pgettext("visit block", "Wishes"), "help": pgettext("visits app", "Help"),
        "planned": pgettext("visits app", "planned for 0"), "answered": pgettext("visits app", "0 answered"),
        "not_in_order": _("0 not in order"), "in_order": _("everything in order"),
        "left_items": _("Keep on the telephone, 0 items left"), "say_answer": _("Answer an item first."),
        "another": _("What a colleague recorded on this telephone waits for their log-in: 0."),
    }  # fmt: skip
