import Actors
import AsyncHTTPClient
import Foundation
import Gateway
import Legs
import Logging
import NIOCore
import Synchronization

/// The tools of an engine: the built-in ones on what is configured, a tenant's declared requests, and servers of the Model
/// Context Protocol. A tool that cannot be made is logged and not offered.
final class EngineTools: Sendable {
    private let connections: ToolConnections
    private let keys: ToolKeys
    private let messages: any MessageTaker
    private let practice: EzyVetClient?
    private let settings: EngineSettings
    private let logger: Logger
    /// Presses keys, once the engine has connected it.
    let keySender = ProviderKeys()
    /// Asks the tenants' servers what they offer.
    let loader: ToolLoader
    private let servers: MCPServers
    private let tenants = Mutex<@Sendable () -> [TenantProfile]>({ [] })

    /// Acting on the call itself needs no naming in a profile; what reaches into a practice's records does.
    private static let always: Set<String> = ["hang_up", "transfer_call", "send_keys", "take_message"]

    init(_ settings: EngineSettings, client: HTTPClient, group: any EventLoopGroup, logger: Logger) {
        self.settings = settings
        self.logger = logger
        connections = ToolConnections(client: client, group: group)
        let environment = ProcessInfo.processInfo.environment
        keys = ToolKeys(
            secret: { environment[$0] },
            hmacSHA256: { MessageAuthentication.code(.sha256, key: $0, message: $1) }
        )
        servers = MCPServers(keys: keys, connections: connections, loopbackAllowed: settings.toolsReachLoopback)
        // The file makes its own folder, not the one that is in; without it the first message says so.
        try? FileManager.default.createDirectory(atPath: settings.dataFolder, withIntermediateDirectories: true)
        messages = MessageFile(folder: settings.dataFolder + "/messages")
        practice = Self.practice(settings.ezyVet, connections, logger)
        loader = ToolLoader(limit: .milliseconds(Int64(settings.legs.toolListingMilliseconds))) {
            Self.complain(logger, tenant: $0, tool: $1, cause: $2)
        }
    }

    /// Tells who the tenants in force are. Until then no call is given a practice's records that its settings do not name.
    func follow(_ tenants: @escaping @Sendable () -> [TenantProfile]) {
        self.tenants.withLock { $0 = tenants }
        let loaded = tenants().map(\.id)
        if practice != nil, !loaded.contains(where: { settings.ezyVet.serves($0, among: loaded) }) {
            logger.warning(
                "no tenant may use ezyVet",
                metadata: ["error.cause": "EZYVET_TENANTS names none of the tenants, and there is not just one"]
            )
        }
    }

    /// Ends the sessions of tools' servers, in a bounded time.
    func close() async { await servers.close() }

    /// What a tenant's model may use in a call.
    var tools: @Sendable (DialogueRequest) async -> [any Tool] {
        { [self] request in await tools(for: request.profile, in: request.call) }
    }

    private func tools(for profile: TenantProfile, in call: CallIdentity?) async -> [any Tool] {
        let tenants = tenants.withLock { $0 }()
        await servers.keep(Set((tenants + [profile]).flatMap(\.mcpServers)))
        var box = ToolBox()
        var backings = backings(of: profile, among: tenants)
        if keySender.canPress(in: call) { backings.keys = keySender }
        for tool in BuiltInTools.all(for: profile, backings) {
            add(tool, Self.always.contains(tool.declaration.name) ? .always : .named, to: &box, profile)
        }
        // What a tenant declares itself needs no second naming.
        for declared in profile.httpTools {
            do throws(DeclarationFault) {
                let tool = try HTTPTool(
                    declared,
                    keys: keys,
                    connections: connections,
                    loopbackAllowed: settings.toolsReachLoopback
                )
                add(tool, .always, to: &box, profile)
            } catch {
                complain(profile, declared.name, "\(error)")
            }
        }
        let sources = profile.mcpServers.map { declared in
            ToolSource(declared.name) { try await self.servers.client(for: declared).tools() }
        }
        for tool in await loader.load(sources, tenant: profile.id) { add(tool, .always, to: &box, profile) }
        let declared = profile.httpTools.map(\.name) + profile.mcpServers.map { $0.name + "_*" }
        return box.tools(allowed: profile.agent.tools.map { $0 + declared })
    }

    private func backings(of profile: TenantProfile, among tenants: [TenantProfile]) -> BuiltInTools.Backings {
        var backings = BuiltInTools.Backings()
        backings.messages = messages
        guard let practice, settings.ezyVet.serves(profile.id, among: tenants.map(\.id)) else { return backings }
        backings.contacts = practice
        backings.cases = practice
        backings.appointments = EzyVetCalendar(practice, timeZone: settings.ezyVet.timeZone ?? profile.timeZone)
        return backings
    }

    private func add(_ tool: any Tool, _ offer: ToolBox.Offer, to box: inout ToolBox, _ profile: TenantProfile) {
        do throws(ToolBox.Fault) {
            try box.add(tool, offer: offer)
        } catch {
            complain(profile, tool.declaration.name, "\(error)")
        }
    }

    private func complain(_ profile: TenantProfile, _ tool: String, _ cause: String) {
        Self.complain(logger, tenant: profile.id, tool: tool, cause: cause)
    }

    private static func complain(_ logger: Logger, tenant: String, tool: String, cause: String) {
        logger.warning(
            "a tool is not offered",
            metadata: ["call.tenant": "\(tenant)", "tool.name": "\(tool)", "error.cause": "\(cause)"]
        )
    }

    private static func practice(
        _ settings: EzyVetSettings,
        _ connections: ToolConnections,
        _ logger: Logger
    ) -> EzyVetClient? {
        guard settings.isConfigured else { return nil }
        var practice = EzyVetConfiguration(
            clientID: settings.clientID ?? "",
            clientSecret: settings.clientSecret ?? "",
            partnerID: settings.partnerID ?? "",
            siteUID: settings.siteUID ?? "",
            countryCode: settings.countryCode
        )
        practice.baseURL = settings.baseURL
        practice.bookingBaseURL = settings.bookingBaseURL
        practice.resources = settings.resources
        practice.services = settings.services
        do throws(DeclarationFault) {
            return try EzyVetClient(practice, connections: connections)
        } catch {
            logger.error("ezyVet cannot be used", metadata: ["error.cause": "\(error)"])
            return nil
        }
    }
}
