import Actors
import Legs

/// Whole calls with `oakfield-vets` on Thursday 19 November 2026: what the caller says and what the agent answers.
enum ClinicConversations {
    static let calls: [Call] = [
        Call(
            "A booking in two answers",
            [
                Line(
                    "I would like to book an appointment for Tuesday at ten thirty.",
                    "Of course. And what is your pet's name?",
                    "book_appointment",
                    .name
                ),
                Line(
                    "it's rex",
                    "So that is Tuesday the 24th of November at ten thirty in the morning, for Rex. Is that right?",
                    "book_appointment",
                    .yesNo
                ),
                Line(
                    "yes that works",
                    "You are all set. We will see Rex on Tuesday the 24th of November at ten thirty in the morning. Is there anything else?",
                    "book_appointment",
                    .yesNo
                ),
                Line("no thank you", "Thank you for calling Oakfield. Goodbye.", nil, .anything, .hangUp),
            ]
        ),
        Call(
            "A question in between, and a correction in the confirmation",
            [
                Line(
                    "book an appointment",
                    "Of course. What day and time would suit you?",
                    "book_appointment",
                    .dayTime
                ),
                Line("next wednesday", "What time on Wednesday the 25th of November?", "book_appointment", .dayTime),
                Line(
                    "what are your opening hours",
                    "We are open Monday to Friday from eight in the morning to six in the evening, and Saturday from nine to one. We are closed on Sunday. What time on Wednesday the 25th of November?",
                    "opening_hours",
                    .dayTime
                ),
                Line("at nine in the morning", "Got it. And what is your pet's name?", "book_appointment", .name),
                Line(
                    "my name is rex",
                    "So that is Wednesday the 25th of November at nine in the morning, for Rex. Is that right?",
                    "book_appointment",
                    .yesNo
                ),
                Line(
                    "no thursday",
                    "So that is Thursday the 26th of November at nine in the morning, for Rex. Is that right?",
                    "book_appointment",
                    .yesNo
                ),
                Line(
                    "yes",
                    "You are all set. We will see Rex on Thursday the 26th of November at nine in the morning. Is there anything else I can help you with?",
                    "book_appointment",
                    .yesNo
                ),
            ]
        ),
        Call(
            "No hour given, and another name",
            [
                Line(
                    "book an appointment",
                    "Of course. What day and time would suit you?",
                    "book_appointment",
                    .dayTime
                ),
                Line(
                    "tomorrow afternoon",
                    "Friday the 20th of November, in the afternoon. What time would suit you?",
                    "book_appointment",
                    .dayTime
                ),
                Line("any time", "Thank you. And what is your pet's name?", "book_appointment", .name),
                Line(
                    "bella",
                    "So that is Friday the 20th of November in the afternoon, for Bella. Is that right?",
                    "book_appointment",
                    .yesNo
                ),
                Line("no", "No problem. What should I change?", "book_appointment", .anything),
                Line("the name", "Thank you. And what is your pet's name?", "book_appointment", .name),
                Line(
                    "max",
                    "So that is Friday the 20th of November in the afternoon, for Max. Is that right?",
                    "book_appointment",
                    .yesNo
                ),
                Line(
                    "that's right",
                    "You are all set. We will see Max on Friday the 20th of November in the afternoon. Can I help you with anything else?",
                    "book_appointment",
                    .yesNo
                ),
                Line("goodbye", "Thank you for calling Oakfield. Goodbye.", "goodbye", .anything, .hangUp),
            ]
        ),
        Call(
            "Digits with too few digits",
            [
                Line("i need a refill", "Of course. Which pet is the prescription for?", "prescription_refill", .name),
                Line("rex", "All right. What number can we call when it is ready?", "prescription_refill", .digits),
                Line(
                    "5551234",
                    "A refill for Rex, and we call you at five five five, one two three four. Is that right?",
                    "prescription_refill",
                    .yesNo
                ),
                Line("no", "No problem. What should I change?", "prescription_refill", .anything),
                Line(
                    "the phone number",
                    "All right. What number can we call when it is ready?",
                    "prescription_refill",
                    .digits
                ),
                Line(
                    "five five five nine nine",
                    "I got five digits, but it should have seven to ten. What number can we call when it is ready?",
                    "prescription_refill",
                    .digits
                ),
                Line(
                    "2025550199",
                    "A refill for Rex, and we call you at two zero two, five five five, zero one nine nine. Is that right?",
                    "prescription_refill",
                    .yesNo
                ),
                Line(
                    "yes please",
                    "Thank you. The vet will check it, and we will call two zero two, five five five, zero one nine nine when the refill for Rex is ready. Can I help you with anything else?",
                    "prescription_refill",
                    .yesNo
                ),
                Line("thanks", "You are welcome. Is there anything else?", nil, .yesNo),
                Line("that's all", "Thank you for calling Oakfield. Goodbye.", nil, .anything, .hangUp),
            ]
        ),
        Call(
            "Calm talk about emergencies, a change of subject, and a person",
            [
                Line("this is not an emergency", "Got it. How can I help you?", nil, .intents),
                Line(
                    "this is not an emergency i just want to book an appointment",
                    "Certainly. What day and time would suit you?",
                    "book_appointment",
                    .dayTime
                ),
                Line(
                    "cancel my appointment on friday",
                    "Sure. What time on Friday the 20th of November?",
                    "cancel_appointment",
                    .dayTime
                ),
                Line(
                    "at ten",
                    "You want to cancel the appointment on Friday the 20th of November at ten in the morning. Is that right?",
                    "cancel_appointment",
                    .yesNo
                ),
                Line("hold on", "Take your time.", nil, .yesNo),
                Line(
                    "repeat that",
                    "You want to cancel the appointment on Friday the 20th of November at ten in the morning. Is that right?",
                    "repeat",
                    .yesNo
                ),
                Line(
                    "no never mind",
                    "No problem, I have left that. Is there anything else I can help you with?",
                    nil,
                    .yesNo
                ),
                Line(
                    "who are you",
                    "I am the automated assistant of Oakfield Veterinary Clinic. Can I help you with anything else?",
                    nil,
                    .yesNo
                ),
                Line(
                    "help",
                    "I can help you with booking an appointment, moving an appointment, cancelling an appointment, our opening hours, our prices, vaccinations, a prescription refill, where to find us, and speaking to a person.",
                    nil,
                    .yesNo
                ),
                Line(
                    "i want to speak to a person",
                    "One moment, I am putting you through to the front desk.",
                    "speak_to_person",
                    .anything,
                    .transfer(to: "+12025550142")
                ),
            ]
        ),
        Call(
            "Nothing understood three times",
            [
                Line("blah", "Sorry, I did not catch that. Could you say it again?", nil, .intents),
                Line(
                    "blubb",
                    "I am sorry, I still did not get that. You can book, move or cancel an appointment, or ask about prices and hours.",
                    nil,
                    .intents
                ),
                Line(
                    "gargle",
                    "I am sorry, I am having trouble understanding you. One moment, I am putting you through to the front desk.",
                    nil,
                    .anything,
                    .transfer(to: "+12025550142")
                ),
            ]
        ),
        Call(
            "A time that is over, and a change that begins with yes",
            [
                Line(
                    "book appointment today at nine am",
                    "That is in the past. What day and time would suit you?",
                    "book_appointment",
                    .dayTime
                ),
                Line("today at three", "All right. And what is your pet's name?", "book_appointment", .name),
                Line(
                    "uh",
                    "Sorry, I did not catch that. Could you say it again? And what is your pet's name?",
                    nil,
                    .name
                ),
                Line(
                    "rex",
                    "So that is Thursday the 19th of November at three in the afternoon, for Rex. Is that right?",
                    "book_appointment",
                    .yesNo
                ),
                Line(
                    "yes but make it four",
                    "So that is Thursday the 19th of November at four in the afternoon, for Rex. Is that right?",
                    "book_appointment",
                    .yesNo
                ),
                Line(
                    "yes",
                    "You are all set. We will see Rex on Thursday the 19th of November at four in the afternoon. Is there anything else?",
                    "book_appointment",
                    .yesNo
                ),
            ]
        ),
        Call(
            "Two wishes at once",
            [
                Line(
                    "cancel or reschedule",
                    "Did you mean moving an appointment, or cancelling an appointment?",
                    nil,
                    .choice(["moving an appointment", "cancelling an appointment"])
                ),
                Line(
                    "the first one",
                    "Certainly. What day and time would you like instead?",
                    "change_appointment",
                    .dayTime
                ),
                Line("tuesday at ten", "Thank you. Which pet is the appointment for?", "change_appointment", .name),
                Line("no wednesday", "Got it. Which pet is the appointment for?", "change_appointment", .name),
                Line(
                    "correct",
                    "Sorry, I did not catch that. Could you say it again? Which pet is the appointment for?",
                    nil,
                    .name
                ),
                Line(
                    "rex",
                    "I will move the appointment for Rex to Wednesday the 25th of November at ten in the morning. Is that right?",
                    "change_appointment",
                    .yesNo
                ),
                Line(
                    "yes",
                    "Done. The appointment for Rex is now Wednesday the 25th of November at ten in the morning. Is there anything else I can help you with?",
                    "change_appointment",
                    .yesNo
                ),
            ]
        ),
        Call(
            "Back and forth between two wishes",
            [
                Line(
                    "book an appointment",
                    "Of course. What day and time would suit you?",
                    "book_appointment",
                    .dayTime
                ),
                Line(
                    "i need to cancel my appointment",
                    "Certainly. Which day and time was the appointment?",
                    "cancel_appointment",
                    .dayTime
                ),
                Line(
                    "friday at nine",
                    "You want to cancel the appointment on Friday the 20th of November at nine in the morning. Is that right?",
                    "cancel_appointment",
                    .yesNo
                ),
                Line(
                    "no i want to book an appointment",
                    "Of course. What day and time would suit you?",
                    "book_appointment",
                    .dayTime
                ),
                Line("monday at nine", "All right. And what is your pet's name?", "book_appointment", .name),
                Line(
                    "luna",
                    "So that is Monday the 23rd of November at nine in the morning, for Luna. Is that right?",
                    "book_appointment",
                    .yesNo
                ),
                Line(
                    "yes",
                    "You are all set. We will see Luna on Monday the 23rd of November at nine in the morning. Is there anything else I can help you with?",
                    "book_appointment",
                    .yesNo
                ),
            ]
        ),
    ]
}
