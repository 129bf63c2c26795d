import Actors
import Logging

/// What transfers want of Twilio's REST API. A request that may have been carried out is never repeated.
extension TwilioTransfers {
    func perform(_ job: Job) async {
        switch job.work {
        case .place(let leg): await place(leg, job)
        case .carryOut(.moveCaller): await moveCaller(job)
        case .carryOut(.release(let leg)): await release(leg, job)
        case .carryOut(.sendCallerOn(let status)): await sendCallerOn(status, job)
        case .carryOut(.wake(let instant)):
            do { try await Task.sleep(until: instant, clock: .continuous) } catch { return }
            feed(job.call, job.number, .timeout)
        case .carryOut(.closeMedia): means.closeMedia(job.call.id)
        }
    }

    private func place(_ leg: NewLeg, _ job: Job) async {
        let (id, tenant) = (job.call.providerCallID, job.call.tenant)
        let limit = Int(means.limit.components.seconds)
        let new = TwilioREST.NewCall(
            to: leg.to,
            from: leg.from,
            url: means.answers.links.url(.transfer, tenant: tenant, [("call", id)]),
            statusCallback: means.answers.links.url(.transferStatus, tenant: tenant, [("call", id)]),
            // It may ring 5 s longer, and the brief takes its time too.
            timeout: min(TwilioAnswers.ringSeconds, max(5, limit - 10))
        )
        do throws(TwilioRESTError) {
            feed(job.call, job.number, .placed(leg: try await means.rest.create(new)))
        } catch {
            log("the person was not called; Twilio's own verbs dial", job, error)
            feed(job.call, job.number, .notPlaced)
        }
    }

    private func moveCaller(_ job: Job) async {
        let document = means.answers.conference(job.call.providerCallID, tenant: job.call.tenant, for: .caller)
        do throws(TwilioRESTError) {
            try await means.rest.update(job.call.providerCallID, .document(document))
            feed(job.call, job.number, .moved)
        } catch {
            log("the caller was not moved", job, error)
            feed(job.call, job.number, .notMoved(TransferMachine.MoveFault(error)))
        }
    }

    private func release(_ leg: String, _ job: Job) async {
        do {
            try await means.rest.update(leg, .complete)
        } catch {
            // Over already is what was wanted.
            guard !error.isGone else { return }
            log("the person's call was not ended", job, error)
        }
    }

    private func sendCallerOn(_ status: String, _ job: Job) async {
        let id = job.call.providerCallID
        let entry = means.book.entry(ProviderCallKey(provider: job.call.provider, id: id))
        guard !(entry?.lifecycle.phase?.isEnded ?? false) else { return }
        do {
            let document = means.answers.afterDial(status, means.tenant(job.call.tenant))
            try await means.rest.update(id, .document(document))
        } catch {
            // The end of the conference has most often ended the caller's call before.
            log("the caller was not sent on", job, error, level: .debug)
        }
    }

    private func log(
        _ message: Logger.Message,
        _ job: Job,
        _ error: TwilioRESTError,
        level: Logger.Level = .warning
    ) {
        logger.log(
            level: level,
            message,
            metadata: [
                "call.id": "\(job.call.id)", "error.code": "\(error.cause)",
                "error.vendor_code": "\(error.code.map(String.init) ?? "-")",
            ]
        )
    }
}

extension TransferMachine.MoveFault {
    init(_ error: TwilioRESTError) {
        switch error.cause {
        case .status where error.isGone: self = .gone
        case .status, .badID, .tooLong: self = .refused
        // The request may have been carried out.
        case .transport, .malformed: self = .unknown
        }
    }
}
