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
    private let backings: BuiltInTools.Backings
    private let settings: EngineSettings
    private let logger: Logger
    /// Presses keys, once the engine has connected it.
    let keySender = ProviderKeys()
    /// Asks the tenants' servers what they offer.
    let loader: ToolLoader
    private let servers = Mutex<[MCPServerDeclaration: MCPClient]>([:])

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
        var backings = BuiltInTools.Backings()
        backings.messages = MessageFile(folder: settings.dataFolder + "/messages")
        if settings.ezyVet.isConfigured {
            do throws(DeclarationFault) {
                let practice = try EzyVetClient(Self.practice(settings.ezyVet), connections: connections)
                backings.contacts = practice
                backings.cases = practice
                backings.appointments = EzyVetCalendar(practice)
            } catch {
                logger.error("ezyVet cannot be used", metadata: ["error.cause": "\(error)"])
            }
        }
        backings.keys = keySender
        self.backings = backings
        loader = ToolLoader(limit: .milliseconds(Int64(settings.legs.toolListingMilliseconds))) {
            Self.complain(logger, tenant: $0, tool: $1, cause: $2)
        }
    }

    /// What a tenant's model may use in a call.
    var tools: @Sendable (DialogueRequest) async -> [any Tool] {
        { [self] request in await tools(for: request.profile, in: request.call) }
    }

    private func tools(for profile: TenantProfile, in call: CallIdentity?) async -> [any Tool] {
        var box = ToolBox()
        var backings = backings
        if !keySender.canPress(in: call) { backings.keys = nil }
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
            ToolSource(declared.name) { try await self.server(declared).tools() }
        }
        for tool in await loader.load(sources, tenant: profile.id) { add(tool, .always, to: &box, profile) }
        let declared = profile.httpTools.map(\.name) + profile.mcpServers.map { $0.name + "_*" }
        return box.tools(allowed: profile.agent.tools.map { $0 + declared })
    }

    private func server(_ declared: MCPServerDeclaration) throws(DeclarationFault) -> MCPClient {
        if let known = servers.withLock({ $0[declared] }) { return known }
        let made = try MCPClient(
            declared,
            keys: keys,
            connections: connections,
            loopbackAllowed: settings.toolsReachLoopback
        )
        return servers.withLock { servers in
            if let known = servers[declared] { return known }
            servers[declared] = made
            return made
        }
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

    private static func practice(_ settings: EzyVetSettings) -> EzyVetConfiguration {
        var practice = EzyVetConfiguration(
            clientID: settings.clientID ?? "",
            clientSecret: settings.clientSecret ?? "",
            partnerID: settings.partnerID ?? "",
            siteUID: settings.siteUID ?? "",
            countryCode: settings.countryCode,
            timeZone: settings.timeZone
        )
        practice.baseURL = settings.baseURL
        practice.bookingBaseURL = settings.bookingBaseURL
        practice.resources = settings.resources
        practice.services = settings.services.sorted { $0.key < $1.key }.compactMap { name, text in
            let parts = text.split(separator: ":").map(String.init)
            guard parts.count == 2, let minutes = Int(parts[0]) else { return nil }
            return AppointmentService(name: name, minutes: minutes, id: parts[1])
        }
        return practice
    }
}
