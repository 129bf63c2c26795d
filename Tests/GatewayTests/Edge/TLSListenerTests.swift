import Foundation
import Gateway
import Logging
import NIOCore
import NIOHTTP1
import NIOPosix
import NIOSSL
import Testing

/// Self-signed certificates in a folder of their own, made with the openssl command.
private final class CertificateFolder {
    let path = NSTemporaryDirectory() + "parley-tls-" + UUID().uuidString
    var certificate: String { path + "/certificate.pem" }
    var key: String { path + "/key.pem" }

    init() throws { try FileManager.default.createDirectory(atPath: path, withIntermediateDirectories: true) }

    deinit { try? FileManager.default.removeItem(atPath: path) }

    /// Writes a certificate of this name over what is there.
    func make(_ name: String) throws {
        let process = Process()
        process.executableURL = URL(fileURLWithPath: "/usr/bin/env")
        process.arguments = [
            "openssl", "req", "-x509", "-newkey", "ec", "-pkeyopt", "ec_paramgen_curve:prime256v1", "-nodes", "-days",
            "2",
            "-subj", "/CN=\(name)", "-addext", "subjectAltName=DNS:\(name),IP:127.0.0.1", "-keyout", key, "-out",
            certificate,
        ]
        process.standardError = FileHandle.nullDevice
        process.standardOutput = FileHandle.nullDevice
        try process.run()
        process.waitUntilExit()
        try #require(process.terminationStatus == 0, "openssl made a certificate")
    }

    func write(_ text: String, to file: String) throws {
        try text.write(toFile: file, atomically: true, encoding: .utf8)
    }
    func read(_ file: String) throws -> String { try String(contentsOfFile: file, encoding: .utf8) }

    var settings: EngineSettings {
        var settings = EngineRig.settings
        settings.edge.tlsCertificate = certificate
        settings.edge.tlsKey = key
        return settings
    }
}

/// A TLS client that tells which certificate it was shown.
private final class TLSClient {
    private let channel: any Channel
    private var iterator: AsyncStream<[UInt8]>.Iterator
    private var buffered: [UInt8] = []

    static func connect(
        port: Int,
        trusting certificate: String,
        version: TLSVersion? = nil
    ) async throws -> TLSClient {
        var configuration = TLSConfiguration.makeClientConfiguration()
        configuration.trustRoots = .certificates(try NIOSSLCertificate.fromPEMBytes(Array(certificate.utf8)))
        if let version {
            configuration.minimumTLSVersion = version
            configuration.maximumTLSVersion = version
        }
        let context = try NIOSSLContext(configuration: configuration)
        let (bytes, output) = AsyncStream.makeStream(of: [UInt8].self)
        let channel = try await ClientBootstrap(group: MultiThreadedEventLoopGroup.singleton)
            .channelInitializer { channel in
                channel.eventLoop.makeCompletedFuture {
                    let tls = try NIOSSLClientHandler(context: context, serverHostname: nil)
                    try channel.pipeline.syncOperations.addHandlers([tls, Collector(output)] as [any ChannelHandler])
                }
            }
            .connect(host: "127.0.0.1", port: port).get()
        return TLSClient(channel: channel, bytes: bytes)
    }

    private init(channel: any Channel, bytes: AsyncStream<[UInt8]>) {
        self.channel = channel
        iterator = bytes.makeAsyncIterator()
    }

    func send(_ raw: [UInt8]) async throws { try await channel.writeAndFlush(ByteBuffer(bytes: raw)) }

    /// Reads on until the text is there; nil when the connection ends before.
    func read(until text: String) async -> String? {
        while true {
            let all = String(decoding: buffered, as: UTF8.self)
            if all.contains(text) { return all }
            guard let more = await iterator.next() else { return nil }
            buffered += more
        }
    }

    func readToEnd() async -> String {
        while let more = await iterator.next() { buffered += more }
        return String(decoding: buffered, as: UTF8.self)
    }

    /// One request on this connection.
    func get(_ path: String) async throws -> Bool {
        buffered = []
        try await send(Array("GET \(path) HTTP/1.1\r\nHost: a\r\n\r\n".utf8))
        return await read(until: #""status":"live"}"#) != nil
    }

    func close() async throws { try? await channel.close() }

    private final class Collector: ChannelInboundHandler {
        typealias InboundIn = ByteBuffer
        private let output: AsyncStream<[UInt8]>.Continuation

        init(_ output: AsyncStream<[UInt8]>.Continuation) { self.output = output }

        func channelRead(context: ChannelHandlerContext, data: NIOAny) {
            output.yield(Array(unwrapInboundIn(data).readableBytesView))
        }
        func channelInactive(context: ChannelHandlerContext) { output.finish() }
        func errorCaught(context: ChannelHandlerContext, error: any Error) {
            output.finish()
            context.close(promise: nil)
        }
    }
}

@Suite("Certificate store")
struct CertificateStoreTests {
    private func fault(_ certificate: String, _ key: String) -> SettingsFault? {
        let faults = #expect(throws: SettingsFaults.self) { try CertificateStore(certificate: certificate, key: key) }
        #expect(faults?.faults.count == 1)
        return faults?.faults.first
    }

    @Test func whatCannotBeUsedIsAFaultThatNamesTheFile() throws {
        let folder = try CertificateFolder()
        try folder.make("one.example")
        let other = try CertificateFolder()
        try other.make("other.example")

        let missing = fault(folder.path + "/none.pem", folder.key)
        #expect(missing?.source == folder.path + "/none.pem" && missing?.message == "does not exist")
        let noKey = fault(folder.certificate, folder.path + "/none.pem")
        #expect(noKey?.source == folder.path + "/none.pem" && noKey?.key == "PARLEY_TLS_KEY")
        let mismatch = fault(folder.certificate, other.key)
        #expect(mismatch?.source == other.key && mismatch?.message.contains("is not the key of") == true)
        let swapped = fault(folder.key, folder.certificate)
        #expect(swapped?.key == "PARLEY_TLS_CERTIFICATE" && swapped?.message.contains("holds no certificate") == true)
        let notAKey = fault(folder.certificate, folder.certificate)
        #expect(notAKey?.key == "PARLEY_TLS_KEY" && notAKey?.message.contains("holds no private key") == true)
        try folder.write("", to: folder.certificate)
        #expect(fault(folder.certificate, folder.key)?.source == folder.certificate)
        #expect(fault(folder.path, folder.key)?.source == folder.path, "a folder is no file")
    }

    @Test func aChangedPairIsLoadedAndABadOneIsToldOnceAndNotUsed() throws {
        let folder = try CertificateFolder()
        try folder.make("one.example")
        let store = try CertificateStore(certificate: folder.certificate, key: folder.key)
        let first = store.context
        #expect(store.expiry > Date())
        #expect(store.reload() == .unchanged)

        let goodKey = try folder.read(folder.key)
        try folder.write("nonsense", to: folder.key)
        guard case .kept(let fault) = store.reload() else { return #expect(Bool(false), "a bad key is refused") }
        #expect(fault.source == folder.key)
        #expect(store.context === first && store.reload() == .unchanged)

        try folder.write(goodKey, to: folder.key)
        #expect(store.reload() == .loaded && store.context !== first)

        try folder.make("two.example")
        #expect(store.reload() == .loaded && store.reload() == .unchanged)
        try FileManager.default.removeItem(atPath: folder.certificate)
        guard case .kept = store.reload() else { return #expect(Bool(false), "a lost file is refused") }
        #expect(store.reload() == .unchanged)
    }
}

extension Loopback {
    @Suite("TLS listener") struct TLSListener {
        @Test func requestsAreAnsweredOverTLSFromVersion12() async throws {
            let folder = try CertificateFolder()
            try folder.make("one.example")
            let trusted = try folder.read(folder.certificate)
            try await EngineRig.run(folder.settings) { rig in
                for version in [TLSVersion.tlsv12, .tlsv13] {
                    let client = try await TLSClient.connect(port: rig.port, trusting: trusted, version: version)
                    #expect(try await client.get("/health/live"))
                    #expect(try await client.get("/health/live"), "the connection is kept")
                    try await client.close()
                }
                let old = try? await TLSClient.connect(port: rig.port, trusting: trusted, version: .tlsv11)
                let isAnswered = try? await old?.get("/health/live")
                #expect(isAnswered != true)
                let plain = try await TestSocket.connect(port: rig.port)
                try await plain.send(raw: "GET /health/live HTTP/1.1\r\nHost: a\r\n\r\n")
                #expect(await !plain.readBody().contains("200 OK"))
            }
        }

        @Test func aCallIsHeldOverASecureSocket() async throws {
            let folder = try CertificateFolder()
            try folder.make("one.example")
            let trusted = try folder.read(folder.certificate)
            try await EngineRig.run(folder.settings) { rig in
                let client = try await TLSClient.connect(port: rig.port, trusting: trusted)
                try await client.send(
                    Array(
                        ("GET /twilio/ws HTTP/1.1\r\nHost: a\r\nUpgrade: websocket\r\nConnection: Upgrade\r\n"
                            + "Sec-WebSocket-Version: 13\r\nSec-WebSocket-Key: dGhlIHNhbXBsZSBub25jZQ==\r\n\r\n").utf8
                    )
                )
                #expect(await client.read(until: "\r\n\r\n")?.contains("101 Switching Protocols") == true)
                try await client.send(TestSocket.frame(opcode: 1, Array(TestSocket.startMessage().utf8)))
                #expect(await client.read(until: #"{"event":"media""#) != nil)
                #expect(try await metrics(rig.port, trusted).contains("parley_calls_active 1\n"))
                try await client.close()
                while try await !metrics(rig.port, trusted).contains("parley_calls_active 0\n") {
                    try Task.checkCancellation()
                }
            }
        }

        private func metrics(_ port: Int, _ trusted: String) async throws -> String {
            let client = try await TLSClient.connect(port: port, trusting: trusted)
            try await client.send(Array("GET /metrics HTTP/1.1\r\nHost: a\r\nConnection: close\r\n\r\n".utf8))
            return await client.readToEnd()
        }

        @Test func aNewCertificateIsShownToNewConnectionsAndOldOnesLiveOn() async throws {
            let folder = try CertificateFolder()
            try folder.make("one.example")
            let first = try folder.read(folder.certificate)
            try await EngineRig.run(folder.settings) { rig in
                let old = try await TLSClient.connect(port: rig.port, trusting: first)
                #expect(try await old.get("/health/live"))
                try folder.make("two.example")
                let second = try folder.read(folder.certificate)
                // The files are looked at every few seconds; the test's time limit is the patience.
                while true {
                    try Task.checkCancellation()
                    let client = try await TLSClient.connect(port: rig.port, trusting: second)
                    if (try? await client.get("/health/live")) == true { break }
                    try await Task.sleep(for: .milliseconds(200))
                }
                #expect(try await old.get("/health/live"), "the connection of before goes on")

                try folder.write("nonsense", to: folder.certificate)
                let still = try await TLSClient.connect(port: rig.port, trusting: second)
                #expect(try await still.get("/health/live"))
            }
        }

        @Test func anEngineWithABadCertificateDoesNotStart() async throws {
            let folder = try CertificateFolder()
            try folder.make("one.example")
            try folder.write("nonsense", to: folder.key)
            let faults = await #expect(throws: SettingsFaults.self) {
                try await EngineRig.run(folder.settings) { _ in }
            }
            #expect(faults?.faults.map(\.source) == [folder.key])
            #expect(throws: SettingsFaults.self) { try folder.settings.edge.checkFiles() }
        }
    }
}
