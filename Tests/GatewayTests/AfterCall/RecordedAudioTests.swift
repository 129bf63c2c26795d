import Actors
import Foundation
import Gateway
import Testing

@Suite("Recorded audio") struct RecordedAudioTests {
    static let kinds: [([UInt8], RecordedAudio?)] = [
        (StereoWAV.header(dataBytes: 0), .wav), (Array("ID3\u{4}".utf8), .mp3), ([0xFF, 0xFB, 0x90, 0], .mp3),
        ([0xFF, 0xF3, 0x40, 0xC4], .mp3), (Array("OggS\0".utf8), .ogg), (Array("fLaC".utf8), .flac),
        ([0, 0, 0, 0x20] + Array("ftypM4A ".utf8), .mp4), ([0x1A, 0x45, 0xDF, 0xA3], .webm),
        ([], nil), ([0xFF], nil), ([0xFF, 0xFF, 0xFF], .mp3), ([0xFF, 0xE9], nil), ([0xFF, 0xF9], nil),
        (Array("RIFF".utf8), nil), (Array("RIFF....AVI ".utf8), nil), (Array("<html>".utf8), nil),
        (Array(#"{"code":20404}"#.utf8), nil),
    ]

    @Test(arguments: kinds) func itsFirstBytesSayWhatItIs(_ bytes: [UInt8], _ kind: RecordedAudio?) {
        #expect(RecordedAudio(bytes) == kind)
    }

    @Test func aWaveFileSaysHowManyPartiesItHolds() throws {
        let stereo = FakeRecordingSource.wav
        #expect(try #require(RecordedAudio(stereo)).channels(stereo) == 2)
        // Cut off or damaged at any place: no more than a wrong number, and at least one.
        for count in 0...stereo.count { #expect(RecordedAudio.wav.channels(Array(stereo.prefix(count))) >= 1) }
        for index in 12..<58 {
            var damaged = stereo
            damaged[index] = 0xFF
            #expect(RecordedAudio.wav.channels(damaged) >= 1)
        }
        #expect(RecordedAudio.mp3.channels(stereo) == 1)
    }

    @Test func keptRecordingsAreForThisUserOnly() throws {
        let root = FileManager.default.temporaryDirectory.appendingPathComponent("parley-\(UUID().uuidString)").path
        defer { try? FileManager.default.removeItem(atPath: root) }
        let folder = ProviderRecordingFolder(dataFolder: root, isKept: true)
        let call = ProviderCallKey(provider: "ringcentral", id: "../../s/1")
        for byte in [UInt8(1), 2] {
            let path = try folder.keep([byte], .mp3, id: "77", of: call)
            #expect(path == "\(root)/recordings/ringcentral/..%2F..%2Fs%2F1-77.mp3")
            #expect(FileManager.default.contents(atPath: path) == Data([byte]))
            let mode = try FileManager.default.attributesOfItem(atPath: path)[.posixPermissions] as? Int
            #expect(mode == 0o600)
        }
        let long = try folder.keep([1], .wav, id: String(repeating: "%", count: 500), of: call)
        #expect(try FileManager.default.contentsOfDirectory(atPath: "\(root)/recordings/ringcentral").count == 2)
        #expect((long as NSString).lastPathComponent.utf8.count == 68)
    }
}
