import Actors
import AsyncHTTPClient
import Foundation
import Gateway
import Hummingbird
import Logging
import NIOCore
import NIOHTTP1
import NIOPosix
import ServiceLifecycle
import Synchronization
import TestSupport

/// Takes instructions for the calls it knows.
final class FakeDesk: LiveCallDesk {
    private let known: Set<String>
    private let given = Mutex<[CallInstruction]>([])
    var instructions: [CallInstruction] { given.withLock { $0 } }

    init(_ known: Set<String>) { self.known = known }

    func instruct(_ id: String, _ instruction: CallInstruction) -> Bool {
        guard known.contains(id) else { return false }
        given.withLock { $0.append(instruction) }
        return true
    }
}

/// A provider that does what it is asked, or fails as it is told.
final class FakeControl: ProviderControl {
    struct Outbound: Equatable {
        var to: String
        var from: String
        var tenant: String
    }

    private struct State {
        var failures: [ControlError] = []
        var requests: [String] = []
        var calls: [Outbound] = []
    }
    private let state = Mutex(State())
    /// Held until something arrives, where a test wants to see a request under way.
    private let gate: AsyncStream<Void>?

    init(gate: AsyncStream<Void>? = nil) { self.gate = gate }

    func fail(_ errors: ControlError...) { state.withLock { $0.failures += errors } }
    /// As `call id: request`.
    var requests: [String] { state.withLock { $0.requests } }
    var calls: [Outbound] { state.withLock { $0.calls } }

    private func failure() -> ControlError? {
        state.withLock { $0.failures.isEmpty ? nil : $0.failures.removeFirst() }
    }

    func perform(_ request: ControlRequest, on call: ProviderCallKey) async throws(ControlError) {
        state.withLock { $0.requests.append("\(call.id): \(request)") }
        if let gate { for await _ in gate { break } }
        if let failure = failure() { throw failure }
    }

    func call(_ number: String, from: String, tenant: String) async throws(ControlError) -> String {
        let count = state.withLock { state in
            state.calls.append(Outbound(to: number, from: from, tenant: tenant))
            return state.calls.count
        }
        if let failure = failure() { throw failure }
        return "NEW\(count)"
    }
}

/// The call routes alone on a free port, over a book that a test fills.
struct RouteRig: Sendable {
    static let caller = "+12025550142"
    let rig: EngineRig
    let tokens: OperatorTokens

    /// A tenant with numbers of its own.
    static var tenants: [String: TenantProfile] {
        var clinic = TenantProfile.test
        (clinic.id, clinic.numbers) = ("a", ["+12025550100", "+12025550101"])
        clinic.transfers = [
            "billing": .init(number: "+12025550111", say: "To billing.", brief: "A caller about a bill."),
            "desk": .init(number: "+12025550112", say: "To the desk."),
        ]
        var open = TenantProfile.test
        open.id = "b"
        return ["a": clinic, "b": open]
    }

    static func run(
        _ book: CallBook,
        desk: FakeDesk = FakeDesk([]),
        controls: [(provider: String, control: any ProviderControl)] = [],
        body: (RouteRig) async throws -> Void
    ) async throws {
        let logger = Logger(label: "test", factory: { _ in SwiftLogNoOpLogHandler() })
        let tokens = await OperatorTokens(secret: EngineRig.jwtSecret)
        let router = Router(context: GatewayContext.self)
        let tenants = tenants
        CallRoutes(book: book, tokens: tokens, desk: desk, controls: controls, tenant: { tenants[$0] }, logger: logger)
            .add(to: router)
        let (ports, port) = AsyncStream.makeStream(of: Int.self)
        let application = Application(
            router: router,
            configuration: .init(address: .hostname("127.0.0.1", port: 0)),
            onServerRunning: { port.yield($0.localAddress?.port ?? 0) },
            eventLoopGroupProvider: .shared(MultiThreadedEventLoopGroup.singleton),
            logger: logger
        )
        let group = ServiceGroup(services: [application], logger: logger)
        let running = Task {
            defer { port.finish() }
            try await group.run()
        }
        do {
            for await number in ports {
                try await body(RouteRig(rig: EngineRig(port: number, group: group, book: book), tokens: tokens))
                break
            }
        } catch {
            await group.triggerGracefulShutdown()
            _ = await running.result
            throw error
        }
        await group.triggerGracefulShutdown()
        try await running.value
    }

    func send(
        _ method: HTTPMethod,
        _ path: String,
        tenant: String? = "a",
        role: OperatorTokens.Role = .operator,
        headers: [(String, String)] = [],
        body: String? = nil
    ) async throws -> EngineRig.Answer {
        var headers = headers
        if let tenant {
            let token = try await tokens.mint(subject: "s", tenant: tenant, role: role, lifetime: .seconds(60))
            headers.append(("Authorization", "Bearer \(token)"))
        }
        if body != nil, !headers.contains(where: { $0.0 == "Content-Type" }) {
            headers.append(("Content-Type", "application/json"))
        }
        return try await rig.request(method, path, headers: headers, body: body.map { Array($0.utf8) })
    }
}
