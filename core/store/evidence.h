// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "base/result.h"
#include "base/sha256.h"

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>

namespace luthien::store {

class Database;

/// What a link of the chain of evidence is about; the number in the table.
enum class EvidenceKind : std::uint8_t { Call = 1, Decision = 2 };
[[nodiscard]] std::string_view evidenceKindName(EvidenceKind kind) noexcept;

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
[[nodiscard]] Result<EvidenceHead> readEvidenceHead(Database& database);

/// Appends links, in the order of what is committed. Thread: the writer's, inside a transaction; after one that failed
/// it is made anew.
class EvidenceChain
{
public:
    explicit EvidenceChain(Database& database)
        : m_database(database)
    {
    }

    /// row is complete and changes no more.
    [[nodiscard]] Result<void> add(EvidenceKind kind, std::int64_t row);

private:
    Database& m_database;
    std::optional<EvidenceHead> m_head; ///< none = not read yet
};

} // namespace luthien::store
