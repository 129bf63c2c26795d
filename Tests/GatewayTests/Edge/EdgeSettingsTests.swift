import Foundation
import Gateway
import Testing

@Suite("Edge settings")
struct EdgeSettingsTests {
    private func read(_ environment: [String: String], options: [String: String] = [:]) async throws -> EdgeSettings {
        try await EngineSettings.read(options: options, environment: environment).edge
    }

    private func faults(_ environment: [String: String], options: [String: String] = [:]) async -> [SettingsFault] {
        let error = await #expect(throws: SettingsFaults.self) { try await read(environment, options: options) }
        return error?.faults ?? []
    }

    @Test func everyKeyIsReadFromTheEnvironment() async throws {
        var wanted = EdgeSettings()
        wanted.trustedProxies = ["10.0.0.0/8", "2001:db8::1"]
        wanted.allowedAddresses = ["192.0.2.1"]
        wanted.requestsPerSecond = 1
        wanted.requestBurst = 2
        wanted.rateAddresses = 16
        wanted.tlsCertificate = "c.pem"
        wanted.tlsKey = "k.pem"
        wanted.maximumConnections = 3
        wanted.connectionsPerAddress = 4
        wanted.requestLineBytes = 300
        wanted.headerBytes = 2000
        wanted.headTimeoutSeconds = 5
        wanted.bodyTimeoutSeconds = 6
        let settings = try await read([
            "PARLEY_TRUSTED_PROXIES": "10.0.0.0/8, 2001:db8::1", "PARLEY_ALLOWED_ADDRESSES": "192.0.2.1",
            "PARLEY_REQUESTS_PER_SECOND": "1", "PARLEY_REQUEST_BURST": "2", "PARLEY_RATE_ADDRESSES": "16",
            "PARLEY_TLS_CERTIFICATE": "c.pem", "PARLEY_TLS_KEY": "k.pem", "PARLEY_MAXIMUM_CONNECTIONS": "3",
            "PARLEY_CONNECTIONS_PER_ADDRESS": "4", "PARLEY_REQUEST_LINE_BYTES": "300", "PARLEY_HEADER_BYTES": "2000",
            "PARLEY_HEAD_TIMEOUT_SECONDS": "5", "PARLEY_BODY_TIMEOUT_SECONDS": "6",
        ])
        #expect(settings == wanted)
    }

    @Test func everyBadAddressIsAFaultWithWhereItCameFromAndWhatToWrite() async {
        let faults = await faults(
            ["PARLEY_TRUSTED_PROXIES": "10.0.0.1/8,10.0.0.0/8,proxy.local"],
            options: ["PARLEY_ALLOWED_ADDRESSES": "192.0.2.0/33"]
        )
        #expect(faults.map(\.key) == ["PARLEY_TRUSTED_PROXIES", "PARLEY_TRUSTED_PROXIES", "PARLEY_ALLOWED_ADDRESSES"])
        #expect(faults.map(\.source) == ["environment", "environment", "option"])
        #expect(faults.first?.message.contains("write 10.0.0.0/8") == true)
    }

    @Test(arguments: ["PARLEY_TLS_CERTIFICATE", "PARLEY_TLS_KEY"])
    func oneOfTheTLSFilesAloneIsAFault(_ variable: String) async {
        let faults = await faults([variable: "file.pem"])
        #expect(faults.count == 1 && faults.first?.key != variable)
        #expect(faults.first?.message.contains(variable) == true)
    }
}
