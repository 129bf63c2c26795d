import ArgumentParser
import Foundation

/// The program's entry.
@main
enum Program {
    static func main() async {
        do {
            var command = try Parley.parseAsRoot()
            if var asynchronous = command as? any AsyncParsableCommand {
                try await asynchronous.run()
            } else {
                try command.run()
            }
        } catch {
            // The contract's code for bad arguments is 2; the library's own is 64.
            let code = Parley.exitCode(for: error)
            guard code == .validationFailure else { Parley.exit(withError: error) }
            complain(Parley.fullMessage(for: error))
            Foundation.exit(ExitCode.badConfiguration.rawValue)
        }
    }
}

struct Parley: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "parley",
        abstract: "A self-hosted real-time voice-agent media engine.",
        discussion: """
            Start an engine and talk to it:
              parley serve
              parley call recording.wav
            """,
        subcommands: [
            ServeCommand.self, CallCommand.self, LoadCommand.self, ReplayCommand.self, CheckCommand.self,
            TokenCommand.self,
        ]
    )
}
