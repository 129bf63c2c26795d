/// Why a call could not be placed or held. Each text names the fault and the way out.
public enum CallError: Error, Sendable, Equatable, CustomStringConvertible {
    case badBargeIn(String)
    case bargeInWithoutUtterance(agentTurn: Int, utterances: Int)
    case noUtterance
    case unreadable(file: String, reason: String)
    case badURL(String)
    case notRunning(url: String)
    case unreachable(url: String, reason: String)
    case webhookRefused(url: String, status: Int, signed: Bool)
    case webhookTooLong(limit: Int)
    case notTwiML(reason: String)
    case noStream(verbs: [String])
    case streamURLHasQuery(String)
    case secureStream(String)
    case upgradeRefused(url: String, status: Int, signed: Bool)
    case upgradeFailed(url: String, reason: String)
    case tokenRefused(url: String, status: Int, shown: Bool)
    case badSampleRate(Int)

    public var description: String {
        switch self {
        case .badBargeIn(let text):
            "barge-in `\(text)` is not DURATION or DURATION,TURN: write for example 1500ms or 1500ms,2"
        case .bargeInWithoutUtterance(let agentTurn, let utterances):
            "barge-in on agent turn \(agentTurn) needs utterance \(agentTurn + 1), but there are \(utterances): "
                + "name another file, or use --split"
        case .noUtterance:
            "there is nothing to say: name at least one audio file"
        case .unreadable(let file, let reason):
            "\(file): \(reason)"
        case .badURL(let url):
            "`\(url)` is not an http:// or https:// address of an engine"
        case .notRunning(let url):
            "nothing answers at \(url): is `parley serve` running there?"
        case .unreachable(let url, let reason):
            "no answer from \(url): \(reason)"
        case .webhookRefused(let url, let status, let signed):
            Self.refusal("the voice webhook \(url)", status, signed: signed)
        case .webhookTooLong(let limit):
            "the voice webhook answered more than \(limit) bytes, which is no TwiML a provider would take"
        case .notTwiML(let reason):
            "the voice webhook's answer is not TwiML: \(reason)"
        case .noStream(let verbs):
            "the engine did not connect the call to a stream; it answered: "
                + (verbs.isEmpty ? "an empty <Response>" : verbs.joined(separator: ", "))
        case .streamURLHasQuery(let url):
            "the stream address \(url) has a query, which the provider does not allow: use <Parameter> instead"
        case .secureStream(let url):
            "the stream address \(url) needs TLS, which `parley call` does not speak on the media socket: "
                + "call the engine on its plain address (http://...) so that it answers ws://"
        case .upgradeRefused(let url, let status, let signed):
            Self.refusal("the media socket \(url)", status, signed: signed)
        case .upgradeFailed(let url, let reason):
            "the media socket \(url) could not be opened: \(reason)"
        case .tokenRefused(let url, let status, let shown):
            "the media socket \(url) answered \(status): \(Self.tokenRefusal(status, shown: shown))"
        case .badSampleRate(let rate):
            "Ringover streams 8000 or 16000 Hz, not \(rate): use --sample-rate 8000 or 16000"
        }
    }

    private static func tokenRefusal(_ status: Int, shown: Bool) -> String {
        switch status {
        case 401, 403:
            shown
                ? "the token was not accepted: --stream-token (or RINGOVER_STREAMING_TOKEN) must be the engine's"
                : "it wants a token: give --stream-token or set RINGOVER_STREAMING_TOKEN to the engine's own"
        case 404, 426: "there is no such socket: is --url the address of a Parley engine?"
        case 429: "too many calls in too short a time: try again more slowly"
        case 503:
            "the engine takes no calls of this provider: it has no RINGOVER_STREAMING_TOKEN, is full, or is draining "
                + "(GET /health/ready says which)"
        default: "the engine's log says why"
        }
    }

    private static func refusal(_ what: String, _ status: Int, signed: Bool) -> String {
        let why =
            switch status {
            case 401, 403:
                signed
                    ? "the signature was not accepted: --auth-token (or TWILIO_AUTH_TOKEN) must be the engine's, and "
                        + "--url must be the address the engine believes it has (PARLEY_PUBLIC_URL)"
                    : "it wants a signature: give --auth-token or set TWILIO_AUTH_TOKEN to the engine's own"
            case 404: "there is no such path: is --url the address of a Parley engine?"
            case 429: "too many calls in too short a time: try again more slowly"
            case 503:
                "the engine takes no calls of this provider: it has no TWILIO_AUTH_TOKEN, is full, or is draining "
                    + "(GET /health/ready says which)"
            default: "the engine's log says why"
            }
        return "\(what) answered \(status): \(why)"
    }
}
