import Codecs
import Engine
import TestSupport
import Testing

/// Keys as the provider tells them and as they sound: one press is one key.
@Suite("Key presses")
struct KeyPressesTests {
    enum Told: Sendable { case tones, provider, both, bothProviderFirst }

    private func keys(_ keys: String, told: Told, hearsTones: Bool) throws -> String {
        var configuration = PipelineConfiguration()
        configuration.hearsTones = hearsTones
        var rig = PipelineRig(configuration)
        rig.quiet(20)
        for key in keys {
            let packet = MediaPacket(kind: .digit, value: Int64(key.asciiValue ?? 0))
            if told == .bothProviderFirst { rig.ports.packets.append(packet) }
            if told != .provider {
                var tone = DTMFTone([try #require(DTMFKey(ascii: key.asciiValue ?? 0))])
                while !tone.isFinished {
                    var frame = FrameSamples(repeating: 0)
                    var span = frame.mutableSpan
                    _ = tone.write(into: &span)
                    var bytes = FrameBytes(repeating: 0xFF)
                    MuLaw.encode(frame.span, into: &bytes)
                    rig.step(caller: (0..<Frame.samples).map { bytes[$0] })
                }
            }
            if told == .provider || told == .both { rig.ports.packets.append(packet) }
            rig.quiet(10)
        }
        rig.quiet(20)
        return String(
            rig.ports.events.compactMap { event in
                if case .digit(let key, _) = event { Character(UnicodeScalar(key)) } else { nil }
            }
        )
    }

    @Test(arguments: ["1", "11", "1*#0", "5555"], [Told.tones, .provider, .both, .bothProviderFirst])
    func aPressIsOneKeyHoweverItIsTold(pressed: String, told: Told) throws {
        #expect(try keys(pressed, told: told, hearsTones: true) == pressed)
    }

    @Test func withoutListeningOnlyTheProvidersKeysCount() throws {
        #expect(try keys("11", told: .both, hearsTones: false) == "11")
        #expect(try keys("11", told: .tones, hearsTones: false) == "")
    }
}
