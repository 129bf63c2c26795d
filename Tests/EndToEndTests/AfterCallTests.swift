import AsyncHTTPClient
import Caller
import Foundation
import NIOCore
import TestSupport
import Testing
import VendorServers

/// A call that people held, through the real program: RingCentral's notifications, its recording, a vendor that transcribes
/// it, and what the tenant's listeners are told. RingCentral's recordings are asked for 15 s after the call at the earliest.
@Suite("End to end: after the call", .serialized, .timeLimit(.minutes(5)))
struct AfterCallTests {
    /// Stereo mu-law, a second of it.
    private static let wav: [UInt8] = {
        func little(_ value: Int, _ count: Int) -> [UInt8] {
            (0..<count).map { UInt8(truncatingIfNeeded: value >> (8 * $0)) }
        }
        var bytes = Array("RIFF".utf8) + little(38 + 16_000, 4) + Array("WAVEfmt ".utf8) + little(18, 4)
        bytes += little(7, 2) + little(2, 2) + little(8000, 4) + little(16_000, 4) + little(2, 2) + little(8, 2)
        return bytes + little(0, 2) + Array("data".utf8) + little(16_000, 4) + Array(repeating: 0xFF, count: 16_000)
    }()

    private static let spoken =
        #"{"results":{"channels":[{"detected_language":"en"},{"detected_language":"en"}],"utterances":["#
        + #"{"start":0.5,"end":1.4,"confidence":0.98,"channel":0,"transcript":"Hello, this is the clinic."},"#
        + #"{"start":2.0,"end":4.0,"confidence":0.9,"channel":1,"transcript":"My card is 4111 1111"},"#
        + #"{"start":4.6,"end":6.0,"confidence":0.9,"channel":1,"transcript":"1111 1111. Please call me back."}]}}"#

    /// RingCentral as far as a call without control needs it: tokens, and one recording.
    private static func ringCentral() async throws -> PlainServer {
        try await PlainServer { request, connection in
            switch request.path {
            case "/restapi/oauth/token":
                let token = #"{"access_token":"token","token_type":"bearer","expires_in":3600,"scope":"x"}"#
                connection.answer(200, headers: [("Content-Type", "application/json")], body: Array(token.utf8))
            case "/restapi/v1.0/account/~/recording/77/content"
            where request.headers["Authorization"] == ["Bearer token"]:
                connection.answer(200, headers: [("Content-Type", "audio/wav")], body: wav)
            default: connection.answer(404)
            }
        }
    }

    /// A whole call whose last notification tells of a recording.
    private static func notifications() throws -> [[UInt8]] {
        func object(_ value: Any?) throws -> [String: Any] {
            guard let value = value as? [String: Any] else { throw CocoaError(.propertyListReadCorrupt) }
            return value
        }
        let file = Data(try Fixtures.bytes("vectors/ringcentral-events.json"))
        let sequences = try object(JSONSerialization.jsonObject(with: file))["sequences"] as? [[String: Any]]
        var events = sequences?.first?["events"] as? [[String: Any]] ?? []
        guard var last = events.popLast() else { throw CocoaError(.propertyListReadCorrupt) }
        var body = try object(last["body"])
        var party = try object((body["parties"] as? [Any])?.first)
        party["recordings"] = [["id": "77", "active": false] as [String: Any]]
        body["parties"] = [party]
        last["body"] = body
        return try (events + [last]).map { Array(try JSONSerialization.data(withJSONObject: $0)) }
    }

    private func send(_ bodies: [[UInt8]], to engine: EngineProcess) async throws -> [String] {
        var answers: [String] = []
        for body in bodies {
            var request = HTTPClientRequest(url: engine.url + "/api/v1/ringcentral/webhooks/events")
            request.method = .POST
            request.headers = ["Content-Type": "application/json", "Verification-Token": "static"]
            request.body = .bytes(body)
            let response = try await HTTPClient.shared.execute(request, timeout: .seconds(30))
            answers.append(String(buffer: try await response.body.collect(upTo: 1 << 16)))
        }
        return answers
    }

    /// The data of the stream's first event of this name.
    private func first(_ name: String, of response: HTTPClientResponse) async throws -> String? {
        var text = ""
        for try await part in response.body {
            text += String(buffer: part)
            let events = text.components(separatedBy: "\n\n").dropLast()
            if let event = events.first(where: { $0.contains("event: \(name)\n") }) {
                return event.components(separatedBy: "\ndata: ").last
            }
        }
        return nil
    }

    @Test(arguments: ["deepgram", "openai"]) func aRecordedCallIsTranscribedRedactedAndTold(vendor: String) async throws
    {
        let ringCentral = try await Self.ringCentral()
        var script = DeepgramScript(.words([], each: 1, repeats: false))
        script.fileAnswer = Self.spoken
        let deepgram = try await DeepgramServer(script)
        let whisper = try await WhisperServer()
        let anthropic = try await ChatServer.anthropic(AnthropicManner(key: "test-key"))
        anthropic.answer { _ in
            .say(
                #"{"summary":"A caller left the card 4111 1111 1111 1111.","outcome":"message","follow_up":"Call back."}"#
            )
        }
        let engine = try await EngineProcess([
            "RC_CLIENT_ID": "client", "RC_CLIENT_SECRET": "secret", "RC_JWT_TOKEN": "jwt", "RC_AI_MODE": "human_only",
            "RC_VERIFICATION_TOKEN": "static", "RC_BASE_URL": ringCentral.http,
            "DEEPGRAM_API_KEY": DeepgramServer.key, "DEEPGRAM_BASE_URL": deepgram.baseURL,
            "OPENAI_API_KEY": WhisperServer.key, "OPENAI_BASE_URL": whisper.baseURL,
            "ANTHROPIC_API_KEY": "test-key", "ANTHROPIC_BASE_URL": anthropic.baseURL,
            "PARLEY_AFTERCALL_STT": vendor, "PARLEY_AFTERCALL_LLM": "anthropic",
            "PARLEY_STT": "embedded", "PARLEY_LLM": "embedded", "PARLEY_TTS": "embedded",
        ])
        let token = OperatorToken.mint(secret: engine.jwtSecret, now: Date())
        let stream = try await HTTPClient.shared.execute(
            HTTPClientRequest(url: "\(engine.url)/api/v1/events/stream?token=\(token)"),
            timeout: .minutes(4)
        )
        let bodies = try Self.notifications()
        let answers = try await send(bodies, to: engine)
        #expect(answers.allSatisfy { $0 == #"{"status":"accepted"}"# }, "\(answers)")
        #expect(try await send(bodies, to: engine).allSatisfy { $0 == #"{"status":"duplicate"}"# })

        let event = try #require(try await first("call_ai_completed", of: stream))
        let json = try #require(try JSONSerialization.jsonObject(with: Data(event.utf8)) as? [String: Any])
        #expect(json["provider"] as? String == "ringcentral" && json["recordingId"] as? String == "77")
        #expect(json["madeBy"] as? [String: String] == ["transcript": vendor, "summary": "anthropic"])
        #expect(json["summary"] as? String == "A caller left the card [card].")
        #expect(json["outcome"] as? String == "message" && json["followUp"] as? String == "Call back.")
        let lines = (json["transcript"] as? [[String: Any]] ?? []).map {
            "\($0["speaker"] as? String ?? ""): \($0["text"] as? String ?? "")"
        }
        #expect(!event.contains("4111"))
        if vendor == "deepgram" {
            #expect(
                lines == [
                    "channel_1: Hello, this is the clinic.", "channel_2: My card is [card]. Please call me back.",
                ]
            )
            #expect(deepgram.files.count == 1 && deepgram.files.first?.query["multichannel"] == ["true"])
            #expect(deepgram.files.first?.bytes == Self.wav)
        } else {
            #expect(lines == ["unknown: Good morning. Hello there."])
            #expect(whisper.forms.count == 1)
        }
        // Counted once it is told; the suite's time limit is the patience.
        while try await !engine.metrics().contains(#"parley_jobs{kind="recording",state="completed"} 1"#) {
            try Task.checkCancellation()
        }
        try await engine.stop()
        await ringCentral.stop()
        await deepgram.stop()
        await whisper.stop()
        await anthropic.stop()
    }
}
