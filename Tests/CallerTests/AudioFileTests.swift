import Caller
import Codecs
import Foundation
import Testing

@Suite("Audio files and documents")
struct AudioFileTests {
    private func inDirectory(_ body: (URL) throws -> Void) throws {
        let directory = FileManager.default.temporaryDirectory.appendingPathComponent(UUID().uuidString)
        try FileManager.default.createDirectory(at: directory, withIntermediateDirectories: true)
        defer { try? FileManager.default.removeItem(at: directory) }
        try body(directory)
    }

    @Test func headerlessMuLawIsTakenAsItIs() throws {
        try inDirectory { directory in
            let file = directory.appendingPathComponent("a.ulaw")
            let audio = Tone.speech(frames: 3)
            try Data(audio).write(to: file)
            #expect(try AudioFile.read(file.path) == audio)
        }
    }

    @Test func aWAVFileBecomesMuLawAtEightKilohertz() throws {
        try inDirectory { directory in
            let file = directory.appendingPathComponent("a.wav")
            let samples = (0..<16_000).map { Int16(8000 * sin(Double($0) * 2 * .pi * 440 / 16_000)) }
            try Data(WAVWriter.bytes(mono: samples, sampleRate: 16_000)).write(to: file)
            let audio = try AudioFile.read(file.path)
            #expect(audio.count == 8000)
            #expect(abs(PhoneFrame.level(audio[1000..<7000]) - 20 * log10(8000 / 32_768 / 2.0.squareRoot())) < 0.3)
        }
    }

    @Test func whatCannotBeReadIsNamed() throws {
        try inDirectory { directory in
            let missing = directory.appendingPathComponent("none.wav").path
            #expect(throws: CallError.unreadable(file: missing, reason: "there is no such file")) {
                try AudioFile.read(missing)
            }
            let text = directory.appendingPathComponent("text.wav")
            try Data("this is no audio at all, it is a text".utf8).write(to: text)
            let error = #expect(throws: CallError.self) { try AudioFile.read(text.path) }
            #expect(error?.description.hasPrefix(text.path + ": ") == true)
            let empty = directory.appendingPathComponent("empty.ulaw")
            try Data().write(to: empty)
            #expect(throws: CallError.unreadable(file: empty.path, reason: "it is empty")) {
                try AudioFile.read(empty.path)
            }
        }
    }

    @Test func aCallIsWrittenAsStereoAndJSON() async throws {
        let engine = FakeEngine()
        let url = try await engine.start()
        let speech = Tone.speech(frames: 10)
        var configuration = TwilioCallConfiguration(engineURL: url, utterances: [Utterance(name: "u", audio: speech)])
        configuration.manner.waitSilence = .milliseconds(200)
        let report = try await TwilioCall(configuration: configuration).run()
        try await engine.stop()
        let said = EngineEvent(.init(name: "call_agent_said", data: #"{"callSid":"C","text":"é/\"","atMs":1}"#))
        let document = CallDocument(call: report, events: [try #require(said)])
        try inDirectory { directory in
            let files = try document.write(to: directory.appendingPathComponent("deep/out").path)
            #expect(files.recording.hasSuffix("call-\(configuration.callSid).wav"))
            let recording = try WAVFile(parsing: Array(Data(contentsOf: URL(fileURLWithPath: files.recording))))
            #expect(recording.format.sampleRate == 8000)
            #expect(recording.channels == [RawMuLaw.samples(report.said), RawMuLaw.samples(report.heard)])
            let read = try CallDocument(json: Array(Data(contentsOf: URL(fileURLWithPath: files.transcript))))
            #expect(read.events == document.events)
            #expect(read.call.turns == report.turns)
            #expect(read.call.playout == report.playout)
            #expect(read.call.end == .answered)
            #expect(read.call.said.isEmpty)
        }
    }
}
