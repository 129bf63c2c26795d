import Actors

/// A list as ezyVet answers it: `{"meta": {…}, "items": [{"animal": {…}}]}`.
struct EzyVetPage<Item: Decodable & Sendable>: Decodable, Sendable {
    let pages: Int
    let items: [Item]

    private enum Keys: String, CodingKey {
        case meta, items
    }

    private struct Meta: Decodable {
        let items_page_total: EzyVetNumber?
    }

    init(from decoder: any Decoder) throws {
        let list = try decoder.container(keyedBy: Keys.self)
        pages = Int(try list.decodeIfPresent(Meta.self, forKey: .meta)?.items_page_total?.value ?? 1)
        items = try list.decode([EzyVetItem<Item>].self, forKey: .items).map(\.record)
    }
}

/// A record under the name of its kind.
private struct EzyVetItem<Item: Decodable & Sendable>: Decodable {
    let record: Item

    private struct Kind: CodingKey {
        let stringValue: String
        let intValue: Int? = nil

        init?(stringValue: String) { self.stringValue = stringValue }
        init?(intValue: Int) { nil }
    }

    init(from decoder: any Decoder) throws {
        let item = try decoder.container(keyedBy: Kind.self)
        guard let kind = item.allKeys.first, item.allKeys.count == 1 else {
            throw DecodingError.dataCorrupted(
                .init(codingPath: decoder.codingPath, debugDescription: "an item is not one record")
            )
        }
        record = try item.decode(Item.self, forKey: kind)
    }
}

/// Numbers come as numbers in some answers, and as texts in others.
struct EzyVetNumber: Decodable, Sendable, Hashable {
    let value: Int64

    init(from decoder: any Decoder) throws {
        let single = try decoder.singleValueContainer()
        if let value = try? single.decode(Int64.self) {
            self.value = value
        } else if let text = try? single.decode(String.self), let value = Int64(text) {
            self.value = value
        } else {
            throw DecodingError.dataCorruptedError(in: single, debugDescription: "not a whole number")
        }
    }
}

/// So do yes and no.
struct EzyVetFlag: Decodable, Sendable {
    let value: Bool

    init(from decoder: any Decoder) throws {
        let single = try decoder.singleValueContainer()
        if let value = try? single.decode(Bool.self) {
            self.value = value
        } else {
            value = try single.decode(EzyVetNumber.self).value != 0
        }
    }
}

struct EzyVetContactDetail: Decodable, Sendable {
    let contact_id: EzyVetNumber
    let value: String
}

struct EzyVetContact: Decodable, Sendable {
    let id: EzyVetNumber
    let uid: String?
    let first_name: String?
    let last_name: String?
    let business_name: String?

    var name: String {
        let person = [first_name, last_name].compactMap { $0 }.filter { !$0.isEmpty }.joined(separator: " ")
        return person.isEmpty ? business_name ?? "" : person
    }
}

struct EzyVetAnimal: Decodable, Sendable {
    let id: EzyVetNumber
    let uid: String?
    let name: String?
    let contact_id: EzyVetNumber?
    let is_dead: EzyVetFlag?
    let species_name: String?
}

struct EzyVetConsult: Decodable, Sendable {
    let id: EzyVetNumber
    let animal_id: EzyVetNumber?
    /// Seconds since 1970.
    let date: EzyVetNumber?
    let description: String?
}

struct EzyVetAppointment: Decodable, Sendable {
    let id: EzyVetNumber
    /// Seconds since 1970.
    let start_at: EzyVetNumber
    /// Seconds.
    let duration: EzyVetNumber?
    let animal_id: EzyVetNumber?
    let description: String?
    let active: EzyVetFlag?
}

struct EzyVetBookingAnswer: Decodable, Sendable {
    /// The appointment's uid.
    let appointment: String
}
