import Actors
import Engine
import TestSupport

/// Scripted providers under supervision, in virtual time.
final class SupervisionRig: Sendable {
    let time = VirtualTime()
    let ledger = Ledger()
    let health: ProviderHealth
    private let random: Locked<SeededGenerator>

    init(seed: UInt64 = 11, breaker: CircuitBreaker.Settings = CircuitBreaker.Settings()) {
        random = Locked(SeededGenerator(seed: seed))
        health = ProviderHealth(breaker)
    }

    var unit: UnitRandom { { [self] in random.withLock { .random(in: 0..<1, using: &$0) } } }

    /// Nothing is left that anybody would have to end.
    var isClean: Bool { time.liveTasks == 0 && ledger.live == 0 }

    // MARK: Models

    /// Words a token each, 50 ms apart, the first after 200 ms.
    static func answer(_ text: String, failing: LegError? = nil) -> [Step<DialogueDelta>] {
        var steps: [Step<DialogueDelta>] = [.wait(.milliseconds(200))]
        for (index, word) in text.split(separator: " ").enumerated() {
            steps += [.say(.text(index == 0 ? String(word) : " " + word)), .wait(.milliseconds(50))]
        }
        if let failing { steps.append(.fail(failing)) }
        return steps
    }

    func model(
        _ provider: String,
        open: Step<DialogueDelta>? = nil,
        _ script: @escaping @Sendable (DialogueTurn) -> [Step<DialogueDelta>]
    ) -> ScriptedModel {
        ScriptedModel(provider: provider, time: time, ledger: ledger, openFault: open, script: script)
    }

    func supervised(
        _ models: [ScriptedModel],
        _ change: (inout SupervisionSettings.LLM) -> Void = { _ in }
    ) -> SupervisedModel {
        var settings = SupervisionSettings.LLM()
        change(&settings)
        return SupervisedModel(models, health: health, settings: settings, time: time, random: unit)
    }

    func ask(_ model: SupervisedModel, said: String = "", commit: DialogueCommit? = nil) -> Received<DialogueDelta> {
        let turn = DialogueTurn(number: 1, cause: .notUnderstood, history: [], said: said, commit: commit)
        return time.read { try await model.open(DialogueRequest(profile: .test)).reply(to: turn) }
    }

    // MARK: Language models

    /// As `answer`, to its end.
    static func chat(_ text: String, failing: LegError? = nil) -> [Step<ChatDelta>] {
        let spoken = answer(text, failing: failing).map { step -> Step<ChatDelta> in
            switch step {
            case .say(.text(let text)): .say(.text(text))
            case .say: .hang
            case .wait(let duration): .wait(duration)
            case .fail(let error): .fail(error)
            case .hang: .hang
            }
        }
        return failing == nil ? spoken + [.say(.finished(.stop))] : spoken
    }

    func chat(_ provider: String, _ script: @escaping @Sendable (ChatRequest) -> [Step<ChatDelta>]) -> ScriptedChat {
        ScriptedChat(provider: provider, time: time, ledger: ledger, script: script)
    }

    func supervised(
        _ models: [ScriptedChat],
        _ change: (inout SupervisionSettings.LLM) -> Void = { _ in },
        usage: @escaping @Sendable (String, ChatUsage) -> Void = { _, _ in }
    ) -> SupervisedChatModel {
        var settings = SupervisionSettings.LLM()
        change(&settings)
        return SupervisedChatModel(models, health: health, settings: settings, usage: usage, time: time, random: unit)
    }

    static let question = ChatRequest(system: "You are here.", messages: [.user("When do you open?")])

    func ask(_ model: SupervisedChatModel, _ request: ChatRequest = question) -> Received<ChatDelta> {
        time.read { model.answer(request) }
    }

    // MARK: Voices

    /// One word each 100 ms of sound, its samples all the word's number from `first` on, so that a join can be read from the
    /// sound. Comes four times as fast as it sounds, the first after 100 ms, 20 ms of sound at a time.
    static func speech(_ text: String, tellsWords: Bool = true, failing: (after: Int, LegError)? = nil)
        -> [Step<SpeechDelta>]
    {
        var steps: [Step<SpeechDelta>] = [.wait(.milliseconds(100))]
        let (words, audio) = SupervisionRig.sound(of: text)
        if tellsWords { steps.append(.say(.words(words))) }
        var sent = 0
        let end = failing.map { min($0.after, audio.count) } ?? audio.count
        while sent < end {
            let count = min(160, end - sent)
            steps += [.say(.audio(Array(audio[sent..<sent + count]))), .wait(.milliseconds(5))]
            sent += count
        }
        if let failing { steps.append(.fail(failing.1)) }
        return steps
    }

    /// Words of `w1 w2 w3`, and their sound.
    static func sound(of text: String) -> (words: [SpokenWord], audio: [Int16]) {
        var words: [SpokenWord] = []
        var audio: [Int16] = []
        var offset = 0
        for word in text.split(separator: " ", omittingEmptySubsequences: false) {
            defer { offset += word.utf8.count + 1 }
            guard !word.isEmpty else { continue }
            let count = 800
            words.append(
                SpokenWord(
                    utf8Range: offset..<offset + word.utf8.count,
                    samples: audio.count..<audio.count + count
                )
            )
            audio += Array(repeating: Int16(word.filter(\.isNumber)) ?? 0, count: count)
        }
        return (words, audio)
    }

    func voice(_ provider: String, _ script: @escaping @Sendable (SpeechRequest) -> [Step<SpeechDelta>])
        -> ScriptedVoice
    {
        ScriptedVoice(provider: provider, time: time, ledger: ledger, script: script)
    }

    func supervised(
        _ voices: [ScriptedVoice],
        _ change: (inout SupervisionSettings.TTS) -> Void = { _ in }
    ) -> SupervisedSynthesizer {
        var settings = SupervisionSettings.TTS()
        change(&settings)
        return SupervisedSynthesizer(
            voices,
            health: health,
            settings: settings,
            voice: { "\($0)-\($1.voice)" },
            time: time,
            random: unit
        )
    }

    func say(_ text: String, _ voice: SupervisedSynthesizer) -> Received<SpeechDelta> {
        time.read { voice.synthesize(SpeechRequest(text: text, voice: "v", language: "en-US")) }
    }
}
