import Actors
import ArgumentParser
import Foundation
import Gateway
import Logging
import NIOPosix

struct CheckCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "check",
        abstract: "Validates configuration and profiles, and says what is usable and why not.",
        discussion:
            "Example: parley check --profiles profiles/tenants\nExit code 0 when an engine would start, 2 if not."
    )

    @OptionGroup var engine: EngineOptions

    func run() async throws {
        let settings = try await readSettings(engine)
        print("configuration  ok (\(settings.environment.rawValue))")
        // As an engine would have them, with the settings that take precedence.
        let profiles = ProfileStore(try loadProfiles(settings).profiles, settings: settings).tenants.profiles
        for profile in profiles {
            print(
                "tenant         \(profile.id): \(profile.intents.count) intents, voice \(profile.voice), \(profile.language)"
            )
            for line in TenantSummary.lines(profile, at: .now) { say("  " + line.part, line.text) }
        }
        var isUsable = true
        let group = MultiThreadedEventLoopGroup(numberOfThreads: 1)
        let legs = EngineLegs(
            settings,
            group: group,
            logger: Logger(label: "check", factory: { _ in SwiftLogNoOpLogHandler() })
        )
        for leg in await legs.check(profiles) {
            print("\(leg.kind.rawValue) leg        \(leg.provider): \(leg.problem ?? "ok")")
            if leg.problem != nil { isUsable = false }
        }
        say("after calls", legs.afterCall.finding)
        await legs.close()
        try? await group.shutdownGracefully()
        for line in ProviderFindings(settings).lines { say(line.label, line.text) }
        for (index, line) in settings.ezyVet.findings(among: profiles.map(\.id)).enumerated() {
            say(index == 0 ? "ezyvet" : "", line)
        }
        if settings.publicURL == nil {
            print(
                "public address \(settings.effectivePublicURL) (this machine only; set PARLEY_PUBLIC_URL for a provider)"
            )
        } else {
            print("public address \(settings.effectivePublicURL)")
        }
        guard isUsable else { throw ExitCode.badConfiguration }
    }

    /// A line of the report: what is spoken of in the first fifteen columns.
    private func say(_ label: String, _ text: String) {
        print(label.padding(toLength: max(15, label.count + 1), withPad: " ", startingAt: 0) + text)
    }
}

/// Loads the tenants, or says each fault with file, line and key and ends with code 2.
func loadProfiles(_ settings: EngineSettings) throws -> ProfileDirectory {
    let folder = ProfileDirectory.load(path: settings.profilesFolder)
    for fault in folder.faults { complain(fault.description) }
    guard folder.faults.isEmpty else { throw ExitCode.badConfiguration }
    guard !folder.profiles.isEmpty else {
        complain("\(settings.profilesFolder): no tenant profile (*.yaml) in this folder; name one with --profiles")
        throw ExitCode.badConfiguration
    }
    if let voice = settings.voice, !ProfileReader.embeddedVoices.contains(voice) {
        let known = ProfileReader.embeddedVoices.sorted().joined(separator: ", ")
        complain("environment: VOICE_AI_VOICE_MODEL: '\(voice)' is no voice of the embedded leg; known: \(known)")
        throw ExitCode.badConfiguration
    }
    return folder
}
