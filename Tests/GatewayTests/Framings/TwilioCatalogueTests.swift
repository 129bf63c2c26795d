import Codecs
import Foundation
import Gateway
import Testing

/// Every message of the catalogue is treated as it says.
@Suite("Twilio message catalogue")
struct TwilioCatalogueTests {
    private static let streamSid = "MZ00112233445566778899aabbccddeeff"

    /// What became of one message.
    private enum Treatment: Equatable {
        case accepted(kind: String)
        case rejected
        case closes
    }

    private func treat(_ text: String, hasStarted: Bool) -> Treatment {
        var machine = TwilioStreamMachine()
        if hasStarted { machine.started() }
        guard let message = try? Received(text) else { return .rejected }
        let isOurs = message.string(message.frame.streamSid).map { $0 == Self.streamSid } ?? true
        switch machine.handle(message.frame, isOurStream: isOurs) {
        case .none: return .accepted(kind: "connected")
        case .reject: return .rejected
        case .readStart:
            guard let start = try? message.start else { return .rejected }
            return start.format == .muLaw ? .accepted(kind: "start") : .closes
        case .media: return (try? message.audio()) == nil ? .rejected : .accepted(kind: "media")
        case .mark: return .accepted(kind: "mark")
        case .digit: return .accepted(kind: "dtmf")
        case .stop: return .accepted(kind: "stop")
        }
    }

    @Test func everyMessageFromTheProviderIsTreatedAsItSays() throws {
        var seen = 0
        for message in try WireVectors.list("twilio-stream-messages.json", "messages") {
            // The socket's own tests send the binary one.
            guard message.text("dir") == "from_provider", message.text("frame") == "text" else { continue }
            let expect = message.object("expect")
            let isFirst = expect.text("kind") == "start" || expect.flag("closes") || expect.text("kind") == "connected"
            let hasStarted = !isFirst && expect.text("precondition") != "no start received yet"
            let wanted: Treatment =
                expect.flag("accept")
                ? .accepted(kind: expect.text("kind")) : expect.flag("closes") ? .closes : .rejected
            #expect(treat(message.text("text"), hasStarted: hasStarted) == wanted, "\(message.text("id"))")
            seen += 1
        }
        #expect(seen >= 28)
    }

    @Test func theContentOfEveryAcceptedMessageIsRead() throws {
        var checked: [String: Int] = [:]
        for message in try WireVectors.list("twilio-stream-messages.json", "messages") {
            let expect = message.object("expect")
            guard message.text("dir") == "from_provider", expect.flag("accept") else { continue }
            let received = try Received(message.text("text"))
            let id = message.text("id")
            if let bytes = expect.number("bytes") {
                #expect(try received.audio().count == bytes, "\(id)")
                checked["bytes", default: 0] += 1
            }
            if let digit = expect["digit"] as? String {
                #expect(received.frame.digit == digit.utf8.first, "\(id)")
                checked["digit", default: 0] += 1
            }
            if let name = expect["name"] as? String {
                #expect(received.string(received.frame.name) == name, "\(id)")
                #expect(received.markNumber == nil, "\(id)")
                checked["name", default: 0] += 1
            }
            if let parameters = expect["customParameters"] as? [String: String] {
                #expect(try received.start.customParameters == parameters, "\(id)")
                checked["customParameters", default: 0] += 1
            }
            if expect.text("kind") == "start" {
                let start = try received.start
                #expect(start.streamSid == Self.streamSid && start.callSid == "CA0a1b2c3d4e5f60718293a4b5c6d7e8f9")
                #expect(start.accountSid == "AC0123456789abcdef0123456789abcdef" && start.tracks == ["inbound"])
                checked["start", default: 0] += 1
            }
        }
        #expect(checked == ["bytes": 4, "digit": 12, "name": 1, "customParameters": 1, "start": 2])
    }
}
