extension TwiML {
    /// Waits for keys or speech, and asks `action` what they mean; without any input the next verb runs.
    package struct Gather: Equatable, Sendable {
        package enum Input: String, MarkupValue, Equatable { case dtmf, speech }
        /// What is heard while waiting; a key stops it.
        package enum Prompt: Equatable, Sendable {
            case say(Say)
            case play(Play)
            case pause(seconds: Int?)
        }

        /// nil: the document's own address.
        package var action: String?
        package var method: Method?
        package var input: [Input]?
        /// Seconds without a key.
        package var timeout: Int?
        package var numDigits: Int?
        /// Empty: no key ends the input early.
        package var finishOnKey: String?
        /// `action` is asked also when nothing was entered.
        package var actionOnEmptyResult: Bool?
        /// Seconds, or `auto`.
        package var speechTimeout: String?
        package var speechModel: String?
        package var language: String?
        package var hints: String?
        package var profanityFilter: Bool?
        package var partialResultCallback: String?
        package var partialResultCallbackMethod: Method?
        package var bargeIn: Bool?
        package var enhanced: Bool?
        package var prompts: [Prompt]

        package init(
            action: String? = nil,
            method: Method? = nil,
            input: [Input]? = nil,
            timeout: Int? = nil,
            numDigits: Int? = nil,
            finishOnKey: String? = nil,
            actionOnEmptyResult: Bool? = nil,
            speechTimeout: String? = nil,
            speechModel: String? = nil,
            language: String? = nil,
            hints: String? = nil,
            profanityFilter: Bool? = nil,
            partialResultCallback: String? = nil,
            partialResultCallbackMethod: Method? = nil,
            bargeIn: Bool? = nil,
            enhanced: Bool? = nil,
            prompts: [Prompt] = []
        ) {
            self.action = action
            self.method = method
            self.input = input
            self.timeout = timeout
            self.numDigits = numDigits
            self.finishOnKey = finishOnKey
            self.actionOnEmptyResult = actionOnEmptyResult
            self.speechTimeout = speechTimeout
            self.speechModel = speechModel
            self.language = language
            self.hints = hints
            self.profanityFilter = profanityFilter
            self.partialResultCallback = partialResultCallback
            self.partialResultCallbackMethod = partialResultCallbackMethod
            self.bargeIn = bargeIn
            self.enhanced = enhanced
            self.prompts = prompts
        }

        var element: Markup.Element {
            Markup.Element(
                "Gather",
                [
                    "action": action, "method": method, "input": input, "timeout": timeout, "numDigits": numDigits,
                    "finishOnKey": finishOnKey, "actionOnEmptyResult": actionOnEmptyResult,
                    "speechTimeout": speechTimeout, "speechModel": speechModel, "language": language, "hints": hints,
                    "profanityFilter": profanityFilter, "partialResultCallback": partialResultCallback,
                    "partialResultCallbackMethod": partialResultCallbackMethod, "bargeIn": bargeIn,
                    "enhanced": enhanced,
                ],
                prompts.flatMap(\.elements).map(Markup.Node.element)
            )
        }
    }
}

extension TwiML.Gather.Prompt {
    fileprivate var elements: [Markup.Element] {
        switch self {
        case .say(let say): say.elements
        case .play(let play): [play.element]
        case .pause(let seconds): [Markup.Element("Pause", ["length": seconds])]
        }
    }
}
