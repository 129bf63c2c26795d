import Foundation
import TestSupport

/// The provider's messages on a socket.
extension TestSocket {
    static func startMessage(
        sid: String = "MZ1",
        call: String = "CA1",
        tenant: String? = nil,
        format: String = #"{"encoding":"audio/x-mulaw","sampleRate":8000,"channels":1}"#
    ) -> String {
        let parameters = tenant.map { #"{"tenant":"\#($0)"}"# } ?? "{}"
        return
            #"{"event":"start","sequenceNumber":"1","start":{"accountSid":"AC1","streamSid":"\#(sid)","callSid":"\#(call)","#
            + #""tracks":["inbound"],"mediaFormat":\#(format),"customParameters":\#(parameters)},"streamSid":"\#(sid)"}"#
    }

    func start(call: String = "CA1", tenant: String? = nil) async throws {
        try await send(#"{"event":"connected","protocol":"Call","version":"1.0.0"}"#)
        try await send(Self.startMessage(call: call, tenant: tenant))
    }

    func stop() async throws { try await send(#"{"event":"stop","sequenceNumber":"9","streamSid":"\#(streamSid)"}"#) }

    /// Sends audio in frames of 20 ms, faster than real time: the engine counts the caller's time in frames.
    func speak(_ audio: [UInt8]) async throws {
        var raw: [UInt8] = []
        for offset in stride(from: 0, to: audio.count, by: 160) {
            let payload = Data(audio[offset..<min(audio.count, offset + 160)]).base64EncodedString()
            let text =
                #"{"event":"media","streamSid":"\#(streamSid)","media":{"track":"inbound","payload":"\#(payload)"}}"#
            raw += Self.frame(opcode: 1, Array(text.utf8))
        }
        try await send(raw: raw)
    }

    /// Sends audio as a phone does, a frame every 20 ms: while the agent talks its echo is looked for, and that takes frames
    /// that were heard beside it.
    func speakInTime(_ audio: [UInt8]) async throws {
        let start = ContinuousClock.now
        for (number, offset) in stride(from: 0, to: audio.count, by: 160).enumerated() {
            try await Task.sleep(until: start + .milliseconds(20 * number), clock: .continuous)
            try await speak(Array(audio[offset..<min(audio.count, offset + 160)]))
        }
    }

    /// One short utterance and the silence that ends the turn: 3 s of audio.
    static func utterance() throws -> [UInt8] {
        let speech = try Fixtures.bytes("speech/flite_slt_00.ulaw")
        return [UInt8](repeating: 0xFF, count: 1600) + speech[4800..<20_000] + [UInt8](repeating: 0xFF, count: 8000)
    }

    func greeting() async throws -> String? { try await message("media") }
}
