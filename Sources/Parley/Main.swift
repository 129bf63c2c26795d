import ArgumentParser

@main
struct Parley: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "parley",
        abstract: "A self-hosted real-time voice-agent media engine.",
        discussion: """
            Start an engine and talk to it:
              parley serve
              parley call recording.wav
            """,
        subcommands: [ServeCommand.self, CallCommand.self, CheckCommand.self, TokenCommand.self])
}
