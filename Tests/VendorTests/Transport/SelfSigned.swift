import Foundation
import NIOSSL
import Testing

/// A certificate that is its own authority, and its key, made with the openssl command.
struct SelfSigned {
    let certificate: NIOSSLCertificate
    private let key: NIOSSLPrivateKey

    /// - Parameter names: as a certificate lists them: `DNS:localhost`, `IP:127.0.0.1`.
    init(for names: [String]) throws {
        let folder = NSTemporaryDirectory() + "parley-tls-" + UUID().uuidString
        try FileManager.default.createDirectory(atPath: folder, withIntermediateDirectories: true)
        defer { try? FileManager.default.removeItem(atPath: folder) }
        let process = Process()
        process.executableURL = URL(fileURLWithPath: "/usr/bin/env")
        process.arguments = [
            "openssl", "req", "-x509", "-newkey", "ec", "-pkeyopt", "ec_paramgen_curve:prime256v1", "-nodes", "-days",
            "2",
            "-subj", "/CN=test", "-addext", "subjectAltName=\(names.joined(separator: ","))",
            "-keyout", folder + "/key.pem", "-out", folder + "/certificate.pem",
        ]
        process.standardError = FileHandle.nullDevice
        process.standardOutput = FileHandle.nullDevice
        try process.run()
        process.waitUntilExit()
        try #require(process.terminationStatus == 0, "openssl made a certificate")
        certificate = try #require(try NIOSSLCertificate.fromPEMFile(folder + "/certificate.pem").first)
        key = try NIOSSLPrivateKey(file: folder + "/key.pem", format: .pem)
    }

    /// For the server that shows it.
    func server() throws -> NIOSSLContext {
        try NIOSSLContext(
            configuration: .makeServerConfiguration(
                certificateChain: [.certificate(certificate)],
                privateKey: .privateKey(key)
            )
        )
    }

    /// For a client that trusts it and nothing else.
    var trusted: TLSConfiguration {
        var configuration = TLSConfiguration.makeClientConfiguration()
        configuration.trustRoots = .certificates([certificate])
        return configuration
    }
}
