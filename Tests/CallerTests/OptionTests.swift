import Caller
import Foundation
import Testing

@Suite("Options as written")
struct OptionTests {
    @Test(arguments: [("1500ms", 1500, 1), ("1.5s", 1500, 1), ("700", 700, 1), ("1500ms,2", 1500, 2), ("0ms,0", 0, 0)])
    func aBargeInIsRead(_ text: String, _ milliseconds: Int, _ turn: Int) throws {
        #expect(try BargeIn(written: text) == BargeIn(after: .milliseconds(milliseconds), agentTurn: turn))
    }

    @Test(arguments: [
        "", ",", "ms", "-5ms", "1500ms,", "1500ms,-1", "1500ms,x", "1500ms,1,2", "nan", "inf", "5 ms", "1h",
    ])
    func nonsenseIsNamed(_ text: String) {
        #expect(throws: CallError.badBargeIn(text)) { try BargeIn(written: text) }
    }

    @Test(arguments: [("800ms", 800), ("2s", 2000), ("2m", 120_000), ("0.25s", 250), ("15", 15)])
    func aDurationIsRead(_ text: String, _ milliseconds: Int) {
        #expect(Duration(written: text) == .milliseconds(milliseconds))
    }

    @Test func aBargeInNeedsSomethingToSay() {
        let one = Utterance(name: "one", audio: Tone.speech(frames: 10))
        var configuration = TwilioCallConfiguration(engineURL: "http://127.0.0.1:1", utterances: [one])
        configuration.manner.bargeIns = [BargeIn(after: .zero)]
        #expect(throws: CallError.bargeInWithoutUtterance(agentTurn: 1, utterances: 1)) {
            try configuration.validate()
        }
        configuration.manner.bargeIns = [BargeIn(after: .zero, agentTurn: 0)]
        #expect(throws: Never.self) { try configuration.validate() }
        configuration.utterances = []
        #expect(throws: CallError.noUtterance) { try configuration.validate() }
    }

    @Test(arguments: ["", "127.0.0.1:8080", "ftp://x", "http://"])
    func anAddressMustBeOne(_ url: String) {
        let one = Utterance(name: "one", audio: Tone.speech(frames: 10))
        #expect(throws: CallError.badURL(url)) {
            try TwilioCallConfiguration(engineURL: url, utterances: [one]).validate()
        }
    }
}

@Suite("Utterance")
struct UtteranceTests {
    @Test func speechIsFoundByEnergy() {
        let audio = Tone.silence(frames: 20) + Tone.speech(frames: 30) + Tone.silence(frames: 40)
        let utterance = Utterance(name: "u", audio: audio)
        #expect(utterance.frames == 90)
        #expect(utterance.firstSpeechFrame == 20)
        #expect(utterance.lastSpeechFrame == 49)
    }

    @Test func aClickIsNoSpeechAndSilenceHasNone() {
        let click = Tone.silence(frames: 20) + Tone.speech(frames: 2) + Tone.silence(frames: 20)
        #expect(Utterance(name: "u", audio: click).firstSpeechFrame == nil)
        #expect(Utterance(name: "u", audio: Tone.silence(frames: 5)).lastSpeechFrame == nil)
        #expect(Utterance(name: "u", audio: []).frames == 0)
    }

    @Test func theLastFrameIsFilledWithSilence() {
        let utterance = Utterance(name: "u", audio: [UInt8](repeating: 0x10, count: 161))
        #expect(utterance.audio == [UInt8](repeating: 0x10, count: 161) + [UInt8](repeating: 0xFF, count: 159))
    }

    @Test func aRecordingIsCutAtLongPausesAndNothingIsLost() {
        let audio =
            Tone.silence(frames: 10) + Tone.speech(frames: 40) + Tone.silence(frames: 30)  // 600 ms: no cut
            + Tone.speech(frames: 20) + Tone.silence(frames: 60)  // 1.2 s: a cut
            + Tone.speech(frames: 50) + Tone.silence(frames: 5)
        let pieces = Utterance.split(name: "u", audio: audio)
        #expect(pieces.map(\.frames) == [130, 85])
        #expect(pieces.flatMap(\.audio) == audio)
        #expect(pieces.map(\.name) == ["u#1", "u#2"])
        #expect(Utterance.split(name: "u", audio: Tone.speech(frames: 9)).count == 1)
    }
}

@Suite("Operator token")
struct OperatorTokenTests {
    /// The expected signature was computed with another implementation (Python's hmac and hashlib).
    @Test func aTokenIsSignedWithHS256() throws {
        let token = OperatorToken.mint(secret: "s3cret", now: Date(timeIntervalSince1970: 1_700_000_000))
        let parts = token.split(separator: ".").map(String.init)
        #expect(parts.count == 3)
        let claims = try Vectors.parse(try #require(decode(parts[1])))
        #expect(claims["sub"] as? String == "parley-call")
        #expect(claims["role"] as? String == "operator")
        #expect(claims["tenant"] as? String == "*")
        #expect(claims["iat"] as? Int == 1_700_000_000)
        #expect(claims["exp"] as? Int == 1_700_003_600)
        #expect(try Vectors.parse(try #require(decode(parts[0])))["alg"] as? String == "HS256")
        #expect(parts[2] == "pqqZv7s_fJxkdRU5zckT2VkA4YHLJd9BCitRimZ2mzg")
    }

    @Test func tokensAreLookedForInOrder() throws {
        let directory = FileManager.default.temporaryDirectory.appendingPathComponent(UUID().uuidString)
        try FileManager.default.createDirectory(at: directory, withIntermediateDirectories: true)
        defer { try? FileManager.default.removeItem(at: directory) }
        try Data("from-file\n".utf8).write(to: directory.appendingPathComponent("operator.secret"))
        let now = Date(timeIntervalSince1970: 0)
        var environment = ["PARLEY_DATA_DIR": directory.path]
        #expect(
            OperatorToken.find(given: nil, environment: environment, now: now)
                == OperatorToken.mint(secret: "from-file", now: now)
        )
        environment["PARLEY_JWT_SECRET"] = "from-environment"
        #expect(
            OperatorToken.find(given: nil, environment: environment, now: now)
                == OperatorToken.mint(secret: "from-environment", now: now)
        )
        environment["PARLEY_TOKEN"] = "ready"
        #expect(OperatorToken.find(given: nil, environment: environment, now: now) == "ready")
        #expect(OperatorToken.find(given: "mine", environment: environment, now: now) == "mine")
        let nowhere = ["PARLEY_DATA_DIR": directory.path + "/missing"]
        #expect(OperatorToken.find(given: nil, environment: nowhere, now: now) == nil)
    }

    private func decode(_ part: String) -> Data? {
        let padded = part.replacingOccurrences(of: "-", with: "+").replacingOccurrences(of: "_", with: "/")
        return Data(base64Encoded: padded + String(repeating: "=", count: (4 - part.count % 4) % 4))
    }
}
