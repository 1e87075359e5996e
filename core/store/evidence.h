// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "base/result.h"
#include "base/sha256.h"
#include "store/evidence_key.h"

#include <cstdint>
#include <memory>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

namespace luthien::store {

class Database;
class Statement;

/// What a link of the chain of evidence is about; the number in the table. Key = with which key links are signed from
/// there on.
enum class EvidenceKind : std::uint8_t { Call = 1, Decision = 2, Removal = 3, Key = 4 };
[[nodiscard]] std::string_view evidenceKindName(EvidenceKind kind) noexcept;

/// Why something is in the chain, but no longer in the tables; the number in the table.
enum class RemovalReason : std::uint8_t {
    Person = 1,            ///< somebody deleted it
    BodiesRetention = 2,   ///< the texts are older than they are to be kept; the row stays
    MetadataRetention = 3, ///< all of it is
};

/// How the JSON below is made; the number in the table. A later form never changes an earlier one.
inline constexpr std::int64_t kEvidenceForm = 1;

/// The subject of a link as it is hashed: one JSON object, its members always the same and in the same order, long
/// texts as the SHA-256 of their bytes. Described in docs/evidence.md. It is made of what the tables hold, so that who
/// checks it needs nothing else. Nullopt = there is no such row.
[[nodiscard]] Result<std::optional<std::string>> evidenceOf(Database& database, EvidenceKind kind, std::int64_t row);

/// SHA-256(previous, json).
[[nodiscard]] Digest linkDigest(const Digest& previous, std::string_view json);

/// The newest link.
struct EvidenceHead
{
    std::int64_t number = 0; ///< 0 = the chain is empty
    Digest sha256{};
    bool operator==(const EvidenceHead&) const = default;
};
/// Number and hash in the first two columns.
[[nodiscard]] EvidenceHead linkFrom(const Statement& row);
[[nodiscard]] Result<EvidenceHead> readEvidenceHead(Database& database);
/// The id of the key that links are signed with; empty = they are not.
[[nodiscard]] Result<std::string> readEvidenceKeyId(Database& database);

/// A row whose link stays when it goes.
struct RemovedSubject
{
    EvidenceKind kind = EvidenceKind::Call; ///< Call or Decision
    std::int64_t row = 0;
};

/// What a removal covers, as its link holds it: SHA-256 over "NUMBER HASH\n" of each link, the hash in hexadecimal
/// digits. links ascend by number.
[[nodiscard]] Digest removalDigest(const std::vector<EvidenceHead>& links);

/// Appends links, in the order of what is committed. One at a time for each database. Thread: the writer's, inside a
/// transaction.
class EvidenceChain
{
public:
    explicit EvidenceChain(Database& database)
        : m_database(database)
    {
    }

    /// Signs what follows; null = nothing is signed from now on. A link says so as soon as another one follows.
    void setKey(std::shared_ptr<const EvidenceKey> key);
    [[nodiscard]] const std::shared_ptr<const EvidenceKey>& key() const noexcept { return m_key; }
    /// A transaction has begun: where the chain ends is read anew.
    void begin() noexcept { m_end.reset(); }

    /// Number of the newest link, if the transaction has added one; else 0.
    [[nodiscard]] std::int64_t newest() const noexcept { return m_end ? m_end->head.number : 0; }
    /// row is complete and changes no more.
    [[nodiscard]] Result<void> add(EvidenceKind kind, std::int64_t row);
    /// Says that these rows go, or that their texts do; before they do, in the same transaction. The rows that this
    /// instance did not record, and those whose links are gone, are left out: they are in no chain that it can write.
    [[nodiscard]] Result<void> addRemoval(RemovalReason reason, const std::vector<RemovedSubject>& subjects);

private:
    struct End
    {
        EvidenceHead head;
        std::string keyId;
    };

    /// Knows where the chain ends, and that the key is the one in force.
    [[nodiscard]] Result<void> prepare();
    [[nodiscard]] Result<void> append(EvidenceKind kind, std::int64_t row);
    [[nodiscard]] Result<void> addKey();
    /// Marks the subject's link as covered by the next one; none = it has no link here.
    [[nodiscard]] Result<std::optional<EvidenceHead>> cover(RemovalReason reason, const RemovedSubject& subject);

    Database& m_database;
    std::shared_ptr<const EvidenceKey> m_key;
    std::optional<End> m_end; ///< none = not read yet
};

} // namespace luthien::store
