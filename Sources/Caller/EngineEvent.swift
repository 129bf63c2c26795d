import Foundation

/// One event of a call, as the engine tells it on its event stream. Times are milliseconds of the call.
public struct EngineEvent: Codable, Sendable, Equatable {
    /// The events of a call; others on the stream are not for us.
    public enum Name: String, Codable, Sendable {
        case started = "call_started"
        case callerSaid = "call_caller_said"
        case agentSaid = "call_agent_said"
        case interrupted = "call_interrupted"
        case turn = "call_turn"
        case action = "call_action"
        case ended = "call_ended"
    }

    public let name: Name
    public let callSid: String
    public let tenant: String?
    public let turn: Int?
    public let text: String?
    public let confidence: Double?
    public let atMs: Double?
    public let interrupted: Bool?
    /// Words of the agent the caller heard before interrupting it.
    public let heard: String?
    public let detectMs: Double?
    /// Milliseconds per stage of a turn: `endpoint`, `stt_final`, ..., `total`, `engine`.
    public let stages: [String: Double]?
    /// When each stage was under way, in milliseconds after the caller's last word. Nil: the engine does not tell.
    public let spans: [Span]?
    public let action: String?
    public let outcome: String?
    public let turns: Int?
    public let durationMs: Double?

    /// Reads one event of the stream.
    ///
    /// - Returns: nil for an event that is no event of a call, or whose data is not one JSON object with a `callSid`.
    public init?(_ event: ServerSentEvents.Event) {
        guard let name = Name(rawValue: event.name),
            let object = try? JSONSerialization.jsonObject(with: Data(event.data.utf8)) as? [String: Any],
            let callSid = object["callSid"] as? String
        else { return nil }
        self.name = name
        self.callSid = callSid
        tenant = object["tenant"] as? String
        turn = object["turn"] as? Int
        text = object["text"] as? String
        confidence = Self.number(object["confidence"])
        atMs = Self.number(object["atMs"])
        interrupted = object["interrupted"] as? Bool
        heard = object["heard"] as? String
        detectMs = Self.number(object["detectMs"])
        stages = (object["stages"] as? [String: Any]).map { $0.compactMapValues(Self.number) }
        spans = (object["spans"] as? [[String: Any]])?.compactMap(Span.init)
        action = object["action"] as? String
        outcome = object["outcome"] as? String
        turns = object["turns"] as? Int
        durationMs = Self.number(object["durationMs"])
    }

    public struct Span: Codable, Sendable, Equatable {
        public let stage: String
        public let fromMs: Double
        public let toMs: Double

        public init(stage: String, fromMs: Double, toMs: Double) {
            self.stage = stage
            self.fromMs = fromMs
            self.toMs = toMs
        }

        fileprivate init?(_ object: [String: Any]) {
            guard let stage = object["stage"] as? String, let from = EngineEvent.number(object["fromMs"]),
                let to = EngineEvent.number(object["toMs"]), from.isFinite, to.isFinite
            else { return nil }
            self.init(stage: stage, fromMs: from, toMs: to)
        }
    }

    private static func number(_ value: Any?) -> Double? { (value as? NSNumber)?.doubleValue }
}
