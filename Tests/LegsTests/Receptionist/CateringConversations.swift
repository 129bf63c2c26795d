import Actors
import Legs

/// Whole calls with `saffron-catering` on Thursday 19 November 2026: what the caller says and what the agent answers.
enum CateringConversations {
    static let calls: [Call] = [
        Call(
            "All of an event in one sentence",
            [
                Line(
                    "hi can you cater a wedding for one hundred and twenty people on the twenty first of march at six",
                    "Of course. And your name, please?",
                    "event_quote",
                    .name
                ),
                Line("my name is anna lee", "All right. What is the best number to reach you?", "event_quote", .digits),
                Line(
                    "five five five one two three four",
                    "Let me check: wedding, one hundred and twenty guests, Sunday the 21st of March at six in the evening, for Anna Lee, at five five five, one two three four. Is that right?",
                    "event_quote",
                    .yesNo
                ),
                Line(
                    "no eighty guests",
                    "Let me check: wedding, eighty guests, Sunday the 21st of March at six in the evening, for Anna Lee, at five five five, one two three four. Is that right?",
                    "event_quote",
                    .yesNo
                ),
                Line(
                    "yes",
                    "Thank you, Anna Lee. You will have our quote for eighty guests within one working day. Can I help you with anything else?",
                    "event_quote",
                    .yesNo
                ),
                Line(
                    "do you deliver",
                    "We deliver within forty miles, seven days a week. Delivery and setting up are free for orders over five hundred dollars, and forty dollars below that. Is there anything else?",
                    "delivery",
                    .yesNo
                ),
                Line("no", "Thank you for calling Saffron Catering. Goodbye.", nil, .anything, .hangUp),
            ]
        ),
        Call(
            "Limits of a number, and an evening that was heard as a morning",
            [
                Line(
                    "i want a quote",
                    "Of course. Is it a wedding, a birthday party, an office event, or something else?",
                    "event_quote",
                    .choice(["wedding", "birthday party", "office event", "something else"])
                ),
                Line("birthday", "All right. How many guests do you expect?", "event_quote", .anything),
                Line(
                    "five people",
                    "It must be at least ten. How many guests do you expect?",
                    "event_quote",
                    .anything
                ),
                Line(
                    "between forty and fifty",
                    "Got it. What day is the event, and at what time?",
                    "event_quote",
                    .dayTime
                ),
                Line("saturday", "What time on Saturday the 21st of November?", "event_quote", .dayTime),
                Line("at seven", "Thank you. And your name, please?", "event_quote", .name),
                Line("john smith", "Got it. What is the best number to reach you?", "event_quote", .digits),
                Line(
                    "2025550199",
                    "Let me check: birthday party, fifty guests, Saturday the 21st of November at seven in the morning, for John Smith, at two zero two, five five five, zero one nine nine. Is that right?",
                    "event_quote",
                    .yesNo
                ),
                Line(
                    "no seven in the evening",
                    "Let me check: birthday party, fifty guests, Saturday the 21st of November at seven in the evening, for John Smith, at two zero two, five five five, zero one nine nine. Is that right?",
                    "event_quote",
                    .yesNo
                ),
                Line(
                    "yes",
                    "Thank you, John Smith. You will have our quote for fifty guests within one working day. Is there anything else I can help you with?",
                    "event_quote",
                    .yesNo
                ),
                Line(
                    "no that's all thank you",
                    "Thank you for calling Saffron Catering. Goodbye.",
                    nil,
                    .anything,
                    .hangUp
                ),
            ]
        ),
        Call(
            "Free text, and a complaint",
            [
                Line(
                    "i need to change my order",
                    "Of course. What is your order number? It has six digits. You can say it or key it in.",
                    "change_order",
                    .digits
                ),
                Line(
                    "one two three",
                    "I got three digits, but it should have six. What is your order number? It has six digits. You can say it or key it in.",
                    "change_order",
                    .digits
                ),
                Line("123456", "Thank you. What should we change?", "change_order", .anything),
                Line(
                    "please add ten vegetarian menus",
                    "I will pass your change for order one two three, four five six to the kitchen. Shall I do that?",
                    "change_order",
                    .yesNo
                ),
                Line(
                    "yes",
                    "Done. The kitchen will confirm the change for order one two three, four five six by text message today. Can I help you with anything else?",
                    "change_order",
                    .yesNo
                ),
                Line(
                    "i am not happy with the food",
                    "I am very sorry to hear that. I am connecting you to our event manager, who will put it right.",
                    "complaint",
                    .anything,
                    .transfer(to: "+12025550178")
                ),
            ]
        ),
        Call(
            "An impossible number in passing, and a slot changed by its name",
            [
                Line(
                    "i want a quote for a wedding for five people",
                    "It must be at least ten. How many guests do you expect?",
                    "event_quote",
                    .anything
                ),
                Line("twelve", "All right. What day is the event, and at what time?", "event_quote", .dayTime),
                Line("the third of may at noon", "Thank you. And your name, please?", "event_quote", .name),
                Line("uh mary", "Got it. What is the best number to reach you?", "event_quote", .digits),
                Line(
                    "555 1234",
                    "Let me check: wedding, twelve guests, Monday the 3rd of May at noon, for Mary, at five five five, one two three four. Is that right?",
                    "event_quote",
                    .yesNo
                ),
                Line("no the name", "Thank you. And your name, please?", "event_quote", .name),
                Line(
                    "mary jones",
                    "Let me check: wedding, twelve guests, Monday the 3rd of May at noon, for Mary Jones, at five five five, one two three four. Is that right?",
                    "event_quote",
                    .yesNo
                ),
                Line(
                    "yes",
                    "Thank you, Mary Jones. You will have our quote for twelve guests within one working day. Can I help you with anything else?",
                    "event_quote",
                    .yesNo
                ),
            ]
        ),
        Call(
            "Questions only",
            [
                Line(
                    "menu",
                    "We cook seasonal Mediterranean food: cold starters, two hot mains, and desserts, as a buffet or served at the table. Menus start at thirty two dollars a guest. Is there anything else I can help you with?",
                    "menu",
                    .yesNo
                ),
                Line(
                    "do you have vegan food",
                    "Yes. Every menu comes in vegetarian, vegan and gluten free, and our kitchen labels all fourteen allergens. Tell us about allergies when you order, and the chef will call you. Can I help you with anything else?",
                    "dietary",
                    .yesNo
                ),
                Line("yes", "Go ahead, what else can I do?", nil, .intents),
                Line("goodbye", "Thank you for calling Saffron Catering. Goodbye.", "goodbye", .anything, .hangUp),
            ]
        ),
    ]
}
