import Actors
import Engine

/// Writes `/metrics`: every series an operator's rules may name, also those still at zero.
package struct MetricsPage: Sendable {
    let reception: Reception
    let calls: CallMetrics
    let webhooks: WebhookMeters
    let events: EventHub
    let legs: [(kind: String, provider: String)]
    let legHealth: ProviderHealth?
    let tokens: ModelTokens?
    let toolLoader: ToolLoader?
    let providerEvents: ProviderEventMeters
    let vendors: VendorMeters
    let jobs: JobMeters

    package init(
        reception: Reception,
        calls: CallMetrics,
        webhooks: WebhookMeters,
        events: EventHub,
        legs: [(kind: String, provider: String)],
        legHealth: ProviderHealth? = nil,
        tokens: ModelTokens? = nil,
        toolLoader: ToolLoader? = nil,
        providerEvents: ProviderEventMeters = ProviderEventMeters(),
        vendors: VendorMeters = VendorMeters(),
        jobs: JobMeters = JobMeters()
    ) {
        self.reception = reception
        self.calls = calls
        self.webhooks = webhooks
        self.events = events
        self.legs = legs
        self.legHealth = legHealth
        self.tokens = tokens
        self.toolLoader = toolLoader
        self.providerEvents = providerEvents
        self.vendors = vendors
        self.jobs = jobs
    }

    /// - Parameter only: metrics to write; empty writes all.
    package func render(only: Set<String> = []) -> String {
        var page = PrometheusText(only: only)
        let exchange = reception.exchange
        page.gauge("parley_calls_active", "Calls that hold a place.", Double(exchange.activeCalls))
        page.gauge("parley_calls_limit", "Calls this engine may hold.", Double(exchange.configuration.maximumCalls))
        ended(&page)
        media(&page, exchange)
        if let recorders = exchange.recorders { recordings(&page, recorders.meters) }
        turns(&page)
        actors(&page, exchange.meters)
        gateway(&page)
        providerEvents.write(to: &page)
        vendors.write(to: &page)
        jobs.write(to: &page)
        return page.text
    }

    private func ended(_ page: inout PrometheusText) {
        let counts = calls.callCounts
        for provider in TelephonyProviders.names {
            for outcome in CallMetrics.outcomes {
                page.counter(
                    "parley_calls_total",
                    "Calls that ended, by outcome.",
                    counts[CallMetrics.Labels(provider: provider, outcome: outcome)] ?? 0,
                    labels: [("provider", provider), ("outcome", outcome)]
                )
            }
        }
    }

    private func media(_ page: inout PrometheusText, _ exchange: Exchange) {
        let media = exchange.media.meters
        page.histogram(
            "parley_tick_duration_seconds",
            "Work of one media slot, all its calls together.",
            media.tick.snapshot
        )
        page.counter("parley_tick_late_total", "Ticks whose work ended a period after they were due.", media.late.value)
        page.counter("parley_tick_missed_total", "Ticks given up because the worker was held up.", media.missed.value)
        page.counter(
            "parley_worker_pressed_turns_total",
            "Turns of media slots that began late, or whose sockets were: audio then goes out further ahead.",
            media.pressed.value
        )
        page.histogram(
            "parley_tick_lateness_seconds",
            "From the moment a media slot was due to its beginning.",
            media.lateness.snapshot
        )
        for (index, worker) in exchange.media.workers.enumerated() {
            page.gauge(
                "parley_worker_busy_ratio",
                "Share of its time a media worker works.",
                worker.busyShare,
                labels: [("worker", "\(index)")]
            )
        }
        let pipeline = exchange.pipelineMeters
        page.histogram(
            "parley_playout_lead_seconds",
            "Audio queued at the provider while the agent speaks.",
            pipeline.lead.snapshot
        )
        page.counter(
            "parley_playout_underruns_total",
            "Ticks in which the caller heard a gap in the agent's speech.",
            pipeline.underruns.value
        )
        page.counter(
            "parley_frames_concealed_total",
            "Frames of callers that were invented because the provider's are missing.",
            pipeline.concealed.value
        )
        for (kind, count) in pipeline.repairs.byKind {
            page.counter(
                "parley_stream_repairs_total",
                "Callers' packets that came late, twice, too many, from nowhere, or after a jump of the provider's clock.",
                count,
                labels: [("kind", kind)]
            )
        }
        page.histogram(
            "parley_jitter_delay_seconds",
            "What the jitter buffer adds to the caller's voice, once per second and call; streams over TCP add nothing.",
            pipeline.jitterDelay.snapshot
        )
        page.histogram(
            "parley_echo_erle_decibels",
            "What the echo canceller takes away while it works, once per second and call.",
            pipeline.echoLoss.snapshot
        )
        page.counter("parley_marks_stray_total", "Returned marks nobody waited for.", pipeline.strayMarks.value)
        let overflows = exchange.overflows
        let rings = [
            ("inbound", overflows.inbound), ("outbound", overflows.outbound), ("speech", overflows.speech),
            ("caller", overflows.caller), ("events", overflows.events), ("commands", overflows.commands),
            ("tap", overflows.tap), ("capture", overflows.capture),
        ]
        for (name, counter) in rings {
            page.counter(
                "parley_ring_overflow_total",
                "Messages a full ring refused.",
                counter.value,
                labels: [("ring", name)]
            )
        }
    }

    private func recordings(_ page: inout PrometheusText, _ meters: RecordingMeters) {
        page.counter(
            "parley_recordings_finished_total",
            "Recordings and captures that were finished.",
            meters.finished.value
        )
        page.counter("parley_recordings_abandoned_total", "Recordings and captures given up.", meters.abandoned.value)
        page.counter(
            "parley_recordings_lost_frames_total",
            "Frames of recordings that came too late for the recorder and became silence.",
            meters.lostFrames.value
        )
        for (reason, count) in meters.failures {
            page.counter(
                "parley_recordings_failures_total",
                "Failed writes of recordings and captures.",
                count,
                labels: [("reason", reason)]
            )
        }
    }

    private func turns(_ page: inout PrometheusText) {
        for stage in TurnStages.Stage.allCases {
            guard let snapshot = calls.stage(stage) else { continue }
            page.histogram(
                "parley_turn_seconds",
                "Where a turn's time went, from the caller's last speech frame.",
                snapshot,
                labels: [("stage", stage.rawValue)]
            )
        }
        let help = "From the caller's first speech frame to the decision, and to clear on the wire."
        page.histogram("parley_barge_in_seconds", help, calls.bargeInDetect.snapshot, labels: [("stage", "detect")])
        page.histogram(
            "parley_barge_in_seconds",
            help,
            reception.sockets.clear.snapshot,
            labels: [("stage", "clear")]
        )
        page.histogram(
            "parley_emergency_seconds",
            "From the caller's newest sound when an emergency word was heard to the agent's stop.",
            calls.emergencyDelay.snapshot
        )
        for (tenant, count) in calls.emergencyCounts.sorted(by: { $0.key < $1.key }) {
            page.counter(
                "parley_emergencies_total",
                "Emergency words acted on.",
                count,
                labels: [("tenant", tenant)]
            )
        }
        var errors = calls.legErrorCounts
        for leg in legs {
            let labels = CallMetrics.LegLabels(leg: leg.kind, provider: leg.provider, code: "unavailable")
            errors[labels, default: 0] += 0
        }
        for (labels, count) in errors.sorted(by: { ($0.key.leg, $0.key.code) < ($1.key.leg, $1.key.code) }) {
            page.counter(
                "parley_leg_errors_total",
                "Errors of the legs' providers.",
                count,
                labels: [("leg", labels.leg), ("provider", labels.provider), ("code", labels.code)]
            )
        }
        for (labels, count) in calls.failoverCounts.sorted(by: { ($0.key.leg, $0.key.to) < ($1.key.leg, $1.key.to) }) {
            page.counter(
                "parley_leg_failovers_total",
                "Conversations that went on with another provider.",
                count,
                labels: [("leg", labels.leg), ("from", labels.from), ("to", labels.to)]
            )
        }
        for (labels, count) in calls.toolCounts.sorted(by: {
            ($0.key.tool, $0.key.outcome) < ($1.key.tool, $1.key.outcome)
        }) {
            page.counter(
                "parley_tool_calls_total",
                "Calls of the dialogue's tools.",
                count,
                labels: [("tool", labels.tool), ("outcome", labels.outcome)]
            )
        }
        models(&page)
        for status in legHealth?.snapshot() ?? [] {
            page.gauge(
                "parley_leg_provider_resting",
                "1 while a provider failed too often and is not asked, 0 while it is.",
                status.state == .closed ? 0 : 1,
                labels: [("leg", status.leg.rawValue), ("provider", status.provider)]
            )
        }
        for leg in legs {
            page.gauge(
                "parley_leg_info",
                "The provider behind each leg.",
                1,
                labels: [("leg", leg.kind), ("provider", leg.provider)]
            )
        }
    }

    private func models(_ page: inout PrometheusText) {
        let counts = tokens?.all ?? []
        for count in counts {
            for (direction, amount) in [("input", count.input), ("output", count.output)] {
                page.counter(
                    "parley_model_tokens_total",
                    "Tokens language models took in and gave out, as their vendors tell.",
                    amount,
                    labels: [("provider", count.provider), ("direction", direction)]
                )
            }
        }
        for count in counts {
            page.counter(
                "parley_model_cached_tokens_total",
                "Of the tokens taken in, those that came from the vendor's cache.",
                count.cached,
                labels: [("provider", count.provider)]
            )
        }
        for (miss, count) in toolLoader?.misses ?? [] {
            page.counter(
                "parley_tool_listings_missed_total",
                "Calls that began without the tools of a server.",
                count,
                labels: [("server", miss.source), ("reason", miss.reason.rawValue)]
            )
        }
    }

    private func actors(_ page: inout PrometheusText, _ meters: ActorMeters) {
        for actor in [ActorMeters.Actor.conversation, .stt, .llm, .tts] {
            page.gauge(
                "parley_actors_alive",
                "Actors of calls that have not been given back.",
                Double(meters.alive(actor).value),
                labels: [("actor", actor.rawValue)]
            )
        }
        let tasks = MonotonicSupervisionTime.tasks.value
        page.gauge("parley_leg_tasks", "Tasks under way that ask, wait for or watch a leg's provider.", Double(tasks))
        for actor in ActorMeters.Actor.allCases {
            // A call's messages come through its rings; what waits longest is the socket's.
            let snapshot =
                actor == .call ? reception.exchange.pipelineMeters.wait.snapshot : meters.mailbox(actor).snapshot
            page.histogram(
                "parley_actor_mailbox_seconds",
                "How long a message waited for its actor.",
                snapshot,
                labels: [("actor", actor.rawValue)]
            )
        }
        for (actor, message) in ActorMeters.handled {
            page.histogram(
                "parley_actor_handle_seconds",
                "How long an actor took for a message.",
                meters.handle(actor, message).snapshot,
                labels: [("actor", actor.rawValue), ("message", message.rawValue)]
            )
        }
    }

    private func gateway(_ page: inout PrometheusText) {
        for (key, snapshot) in webhooks.timeSnapshots {
            page.histogram(
                "parley_webhook_seconds",
                "Time to answer a webhook.",
                snapshot,
                labels: [("provider", key.provider), ("event", key.name)]
            )
        }
        for (key, count) in webhooks.rejectionCounts {
            page.counter(
                "parley_webhook_rejected_total",
                "Webhooks and upgrades that were refused.",
                count,
                labels: [("provider", key.provider), ("reason", key.name)]
            )
        }
        page.counter("parley_sockets_total", "Media sockets opened.", reception.sockets.opened.value)
        for oddity in TwilioStreamMachine.Oddity.allCases {
            page.counter(
                "parley_frames_rejected_total",
                "Messages of a media socket that were not used.",
                reception.sockets.rejectedFrames[oddity.rawValue] ?? 0,
                labels: [("provider", "twilio"), ("reason", oddity.rawValue)]
            )
        }
        for oddity in RingoverFraming.Oddity.allCases {
            page.counter(
                "parley_frames_rejected_total",
                "Messages of a media socket that were not used.",
                reception.sockets.rejectedFrames["ringover.\(oddity.rawValue)"] ?? 0,
                labels: [("provider", "ringover"), ("reason", oddity.rawValue)]
            )
        }
        page.counter(
            "parley_media_rate_changes_total",
            "Sample rates that a provider changed during a call.",
            reception.sockets.rateChanges.value
        )
        for (reason, count) in reception.sockets.refusedSockets.sorted(by: { $0.key < $1.key }) {
            page.counter(
                "parley_sockets_closed_total",
                "Media sockets the engine closed because of the peer.",
                count,
                labels: [("reason", reason)]
            )
        }
        for (outcome, count) in reception.store.meters.all {
            page.counter(
                "parley_profile_reloads_total",
                "Readings of the tenant profiles while the engine runs.",
                count,
                labels: [("outcome", outcome)]
            )
        }
        page.gauge("parley_events_clients", "Listeners of the event stream.", Double(events.listeners))
        page.counter("parley_events_dropped_total", "Events slow listeners missed.", events.dropped.value)
        page.gauge("process_resident_memory_bytes", "Resident memory.", Double(ProcessMemory.residentBytes))
    }
}
