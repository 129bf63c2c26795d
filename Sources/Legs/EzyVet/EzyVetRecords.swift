import Actors

/// Contacts, their animals and their latest consults.
extension EzyVetClient: ContactLookup, CaseLookup {
    public func contacts(phone: String) async throws -> [Contact] {
        do { return try await found(phone) } catch { throw ToolFault.toldError(error) }
    }

    public func cases(of contact: Contact, limit: Int) async throws -> [ContactCase] {
        do { return try await consults(of: contact, limit: limit) } catch { throw ToolFault.toldError(error) }
    }

    private func found(_ phone: String) async throws -> [Contact] {
        let number = EzyVetPhone(phone, countryCode: configuration.countryCode)
        let details = try await list(
            "/v1/contactdetail",
            [("active", "1"), ("value", Self.oneOf(number.spellings.map { .text($0) }))],
            as: EzyVetContactDetail.self
        )
        var ids: [Int64] = []
        for detail in details where number.isSame(as: detail.value) && !ids.contains(detail.contact_id.value) {
            ids.append(detail.contact_id.value)
        }
        // A number that many share (a shelter's) names nobody.
        guard (1...5).contains(ids.count) else { return [] }
        let any = Self.oneOf(ids.map { .integer($0) })
        async let records = list("/v1/contact", [("active", "1"), ("id", any)], as: EzyVetContact.self)
        async let animals = list("/v1/animal", [("active", "1"), ("contact_id", any)], as: EzyVetAnimal.self)
        return try await contacts(records, animals, ids)
    }

    private func contacts(_ records: [EzyVetContact], _ animals: [EzyVetAnimal], _ ids: [Int64]) -> [Contact] {
        for animal in animals { remember(animal.uid, "animal", animal.id.value) }
        return records.filter { ids.contains($0.id.value) }.map { record in
            remember(record.uid, "contact", record.id.value)
            let own = animals.filter { $0.contact_id?.value == record.id.value && $0.is_dead?.value != true }
            return Contact(
                id: String(record.id.value),
                name: record.name,
                patients: own.map {
                    Contact.Patient(id: String($0.id.value), name: $0.name ?? "", kind: $0.species_name ?? "")
                }
            )
        }
    }

    private func consults(of contact: Contact, limit: Int) async throws -> [ContactCase] {
        let ids = contact.patients.compactMap { Int64($0.id) }
        guard !ids.isEmpty else { return [] }
        let names = Dictionary(contact.patients.map { ($0.id, $0.name) }, uniquingKeysWith: { first, _ in first })
        let consults = try await list(
            "/v1/consult",
            [("active", "1"), ("animal_id", Self.oneOf(ids.map { .integer($0) }))],
            as: EzyVetConsult.self
        )
        let dated = consults.compactMap { consult -> ContactCase? in
            guard let animal = consult.animal_id?.value, let name = names[String(animal)], let date = consult.date
            else {
                return nil
            }
            return ContactCase(
                id: String(consult.id.value),
                patient: name,
                openedAt: Double(date.value),
                summary: consult.description ?? ""
            )
        }
        return Array(dated.sorted { $0.openedAt > $1.openedAt }.prefix(limit))
    }

    /// The filter `{"in": […]}`.
    static func oneOf(_ values: [JSON]) -> String { (["in": .list(values)] as JSON).serialized }
}
