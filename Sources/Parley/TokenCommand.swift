import ArgumentParser
import Gateway

struct TokenCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "token",
        abstract: "Prints a token for the API, the event stream and the console.",
        discussion: "Example: parley token --tenant oakfield-vets --role viewer --ttl 3600"
    )

    @Option(help: "Whose calls the token opens; '*' for every tenant's.")
    var tenant: String
    @Option(help: "Seconds until it expires.")
    var ttl: Int = 3600
    @Option(help: "viewer or operator.")
    var role: String = "viewer"
    @OptionGroup var engine: EngineOptions

    func validate() throws {
        guard OperatorTokens.Role(rawValue: role) != nil else {
            throw ValidationError("--role '\(role)' is neither viewer nor operator")
        }
        guard (1...31_536_000).contains(ttl) else {
            throw ValidationError("--ttl must lie between 1 second and a year")
        }
    }

    func run() async throws {
        let settings = try await readSettings(engine)
        let secret = try OperatorSecret.load(configured: settings.jwtSecret, dataFolder: settings.dataFolder)
        let tokens = await OperatorTokens(secret: secret)
        print(
            try await tokens.mint(
                subject: "parley-token",
                tenant: tenant,
                role: OperatorTokens.Role(rawValue: role) ?? .viewer,
                lifetime: .seconds(ttl)
            )
        )
    }
}

/// Reads the settings, or says each fault on a line of its own and ends with code 2.
func readSettings(_ options: EngineOptions) async throws -> EngineSettings {
    do {
        let settings = try await options.settings
        try settings.edge.checkFiles()
        return settings
    } catch let faults as SettingsFaults {
        for fault in faults.faults { complain(fault.description) }
        throw ExitCode.badConfiguration
    }
}
