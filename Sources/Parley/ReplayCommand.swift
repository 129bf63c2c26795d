import Actors
import ArgumentParser
import Engine
import Foundation
import Gateway

/// `parley replay`: a captured call again, in virtual time.
struct ReplayCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "replay",
        abstract: "Runs a captured call again in virtual time and compares it with what happened.",
        discussion: """
            Captures are made by an engine with PARLEY_CAPTURE=on, in captures/ under its data folder.
            A call that played hold music or a filler needs the same sounds: they are found through the tenants' profiles.

            Examples:
              parley replay var/captures/0f9c2c1e.parley
              parley replay var/captures/0f9c2c1e.parley --wav call.wav --json
            Exit codes: 0 everything that left the pipeline left it again, 1 it differs, the capture is damaged or its \
            sounds are not found, 2 bad configuration.
            """
    )

    @Argument(help: "A capture: captures/CALL.parley, or the .part of a call that was cut off.")
    var capture: String

    @Option(help: "Folder of tenant profiles whose sounds calls play (PARLEY_PROFILES; default profiles/tenants).")
    var profiles: String?

    @Option(help: ArgumentHelp("Write both sides as stereo WAV, the caller left.", valueName: "file"))
    var wav: String?

    @Flag(help: "Print one JSON document and nothing else.")
    var json = false

    func run() async throws {
        let bytes = try read()
        let shelf = try await shelf(of: bytes)
        var events: [CallEvent] = []
        var recording = StereoWAV()
        var audio: [UInt8] = []
        var report: CaptureReplay.Report
        let start = ContinuousClock.now
        do throws(CaptureError) {
            var replay = try CaptureReplay(bytes, recording: wav != nil, shelf: shelf)
            report = replay.run { ports in
                events += ports.events
                guard wav != nil else { return }
                for frame in ports.recorded {
                    while recording.gap(before: frame) > 0 {
                        recording.fill(recording.gap(before: frame), into: &audio)
                    }
                    recording.append(frame, into: &audio)
                }
            }
        } catch {
            complain("\(capture): \(error)")
            throw ExitCode.failure
        }
        let taken = ContinuousClock.now - start
        if let wav { try write(StereoWAV.header(dataBytes: audio.count) + audio, to: wav) }
        let document = ReplayDocument(report, events: events, taken: taken)
        if json { print(try document.encoded()) } else { print(document.text) }
        if let problem = document.problem { complain("\(capture): \(problem)") }
        guard report.isIdentical else { throw ExitCode.failure }
    }

    private func read() throws -> [UInt8] {
        do {
            let url = URL(fileURLWithPath: capture)
            let size = try url.resourceValues(forKeys: [.fileSizeKey]).fileSize ?? 0
            guard size <= CaptureFormat.maximumBytes else {
                throw CaptureError.tooLarge(bytes: size, limit: CaptureFormat.maximumBytes)
            }
            return Array(try Data(contentsOf: url))
        } catch let error as CaptureError {
            complain("\(capture): \(error)")
        } catch {
            complain("\(capture): cannot be read: \(error.localizedDescription)")
        }
        throw ExitCode.failure
    }

    /// The sounds the call plays. For a call that plays none neither settings nor profiles are looked at: they may be
    /// another engine's, or faulty.
    private func shelf(of bytes: [UInt8]) async throws -> RecordingShelf {
        // What is wrong with the capture is said by its replay.
        guard let reader = try? CaptureReader(bytes), reader.header.shelfFingerprint != 0, reader.playsRecordings()
        else { return .empty }
        let folder = ProfileDirectory.load(path: try await profilesFolder())
        if let shelf = await folder.shelf(fingerprint: reader.header.shelfFingerprint) { return shelf }
        for fault in folder.faults { complain(fault.description) }
        return .empty
    }

    private func profilesFolder() async throws -> String {
        if let profiles { return profiles }
        do {
            return try await EngineSettings.read(options: [:], environment: ProcessInfo.processInfo.environment)
                .profilesFolder
        } catch let faults as SettingsFaults {
            for fault in faults.faults { complain(fault.description) }
            throw ExitCode.badConfiguration
        }
    }

    /// Readable by its owner only: it is what people said.
    private func write(_ bytes: [UInt8], to path: String) throws {
        try? FileManager.default.removeItem(atPath: path)
        let isWritten = FileManager.default.createFile(
            atPath: path,
            contents: Data(bytes),
            attributes: [.posixPermissions: 0o600]
        )
        guard isWritten else {
            complain("\(path): cannot be written")
            throw ExitCode.failure
        }
    }
}
