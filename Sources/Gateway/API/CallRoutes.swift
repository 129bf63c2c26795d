import Actors
import Foundation
import Hummingbird
import Logging

/// The calls of every provider: lists and single calls for whoever may look, and acts on calls for operators.
package struct CallRoutes: Sendable {
    private let book: CallBook
    private let tokens: OperatorTokens
    private let actions: CallActions
    private let tenant: @Sendable (String) -> TenantProfile?
    private let desk: OperatorDesk
    private let logger: Logger

    /// - Parameters:
    ///   - desk: the calls whose media the engine carries.
    ///   - controls: by provider, the one that is asked for outbound calls first.
    ///   - tenant: a tenant's profile as it is now, by its id.
    package init(
        book: CallBook,
        tokens: OperatorTokens,
        desk: any LiveCallDesk,
        controls: [(provider: String, control: any ProviderControl)],
        tenant: @escaping @Sendable (String) -> TenantProfile?,
        keys: IdempotencyKeys = IdempotencyKeys(),
        logger: Logger
    ) {
        self.book = book
        self.tokens = tokens
        actions = CallActions(desk: desk, controls: controls)
        self.tenant = tenant
        self.desk = OperatorDesk(tokens: tokens, keys: keys)
        self.logger = logger
    }

    package func add(to router: Router<GatewayContext>) {
        router.get("/api/v1/calls") { request, _ in try await list(request, provider: nil) }
        router.get("/api/v1/calls/:id") { request, context in try await show(request, context, provider: nil) }
        router.get("/api/v1/ringover/calls") { request, _ in try await list(request, provider: "ringover") }
        router.get("/api/v1/ringover/calls/:id") { request, context in
            try await show(request, context, provider: "ringover")
        }
        router.get("/api/v1/ringover/stats") { request, _ in try await statistics(request, provider: "ringover") }

        router.post("/api/v1/calls") { request, _ in try await desk.take(request) { try await call($0, $1) } }
        act(router, "transfer") { try CallCommand.transfer($0, tenant: tenant($1.tenant)) }
        act(router, "hangup") { body, _ in try CallCommand.hangUp(body) }
        act(router, "say") { body, _ in try CallCommand.say(body) }
        act(router, "digits") { body, _ in try CallCommand.digits(body) }
    }

    // MARK: Looking

    private func list(_ request: Request, provider: String?) async throws -> Response {
        let claims = try await Access.claims(of: request, tokens: tokens, takesQuery: false)
        let query = try CallQuery(request)
        let (items, total) = book.select(offset: query.offset, count: query.perPage) { entry in
            query.holds(entry) && Self.isVisible(entry, claims, provider)
        }
        let view = CallView(claims.role)
        return OperationsRoutes.json(
            .ok,
            .object([
                "items": .list(items.map(view.item)), "total": .number(Double(total)),
                "page": .number(Double(query.page)), "per_page": .number(Double(query.perPage)),
            ])
        )
    }

    private func show(_ request: Request, _ context: GatewayContext, provider: String?) async throws -> Response {
        let claims = try await Access.claims(of: request, tokens: tokens, takesQuery: false)
        let entry = try find(context, claims, provider)
        return OperationsRoutes.json(.ok, CallView(claims.role).detail(entry))
    }

    private func statistics(_ request: Request, provider: String?) async throws -> Response {
        let claims = try await Access.claims(of: request, tokens: tokens, takesQuery: false)
        let query = try CallQuery(request)
        let entries = book.select { query.holds($0) && Self.isVisible($0, claims, provider) }.items
        return OperationsRoutes.json(.ok, CallStatistics(entries).json)
    }

    private static func isVisible(
        _ entry: CallBook.Entry,
        _ claims: OperatorTokens.Claims,
        _ provider: String?
    ) -> Bool {
        (claims.tenant == "*" || claims.tenant == entry.tenant) && (provider == nil || provider == entry.call.provider)
    }

    /// Another tenant's call is as unknown as none.
    private func find(
        _ context: GatewayContext,
        _ claims: OperatorTokens.Claims,
        _ provider: String?
    ) throws(APIError) -> CallBook.Entry {
        let given = context.parameters.get("id") ?? ""
        let name = given.removingPercentEncoding ?? given
        let known =
            book.entry(named: name)
            ?? provider.flatMap { book.entry(ProviderCallKey(provider: $0, id: name)) }
        guard let known, Self.isVisible(known, claims, provider) else {
            throw APIError(.notFound, "unknown_call", "There is no such call.")
        }
        return known
    }

    // MARK: Acting

    private func act(
        _ router: Router<GatewayContext>,
        _ verb: String,
        _ read: @escaping @Sendable ([UInt8], CallBook.Entry) throws -> CallCommand
    ) {
        router.post(RouterPath("/api/v1/calls/:id/\(verb)")) { request, context in
            try await desk.take(request) { claims, body in
                let entry = try find(context, claims, nil)
                let way = try await actions.perform(try read(body, entry), on: entry)
                log(verb, entry.call, entry.tenant, claims)
                let said = EventValue.object([
                    "status": .text("accepted"), "id": .text(entry.id), "via": .text(way.rawValue),
                ])
                return IdempotencyKeys.Answer(status: 202, json: said.json)
            }
        }
    }

    private func call(_ claims: OperatorTokens.Claims, _ body: [UInt8]) async throws -> IdempotencyKeys.Answer {
        let outbound = try OutboundCall(
            body,
            claims: claims,
            tenant: tenant,
            providers: actions.controls.map(\.provider)
        )
        let key = try await actions.call(outbound)
        // In the book before its first webhook, so that whoever asked finds it.
        var event = ProviderEvent(call: key, kind: .phase(.initiated), id: "asked \(key.id)", tenant: outbound.tenant)
        event.direction = .outbound
        event.from = outbound.from
        event.to = outbound.to
        book.take(event)
        log("call", key, outbound.tenant, claims)
        let id = "\(key.provider):\(key.id)"
        let said = EventValue.object([
            "status": .text("accepted"), "id": .text(id), "provider": .text(key.provider),
            "provider_call_id": .text(key.id), "tenant": .text(outbound.tenant),
        ])
        let path = id.addingPercentEncoding(withAllowedCharacters: .urlPathAllowed) ?? id
        return IdempotencyKeys.Answer(status: 201, json: said.json, location: "/api/v1/calls/\(path)")
    }

    private func log(_ verb: String, _ call: ProviderCallKey, _ tenant: String, _ claims: OperatorTokens.Claims) {
        logger.info(
            "operator acted",
            metadata: [
                "operator.action": "\(verb)", "operator.subject": "\(claims.sub.value)", "call.tenant": "\(tenant)",
                "call.provider": "\(call.provider)", "call.provider_id": "\(call.id)",
            ]
        )
    }
}
