// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "base/result.h"
#include "store/evidence.h"

#include <cstdint>
#include <functional>
#include <optional>
#include <string>

namespace luthien::store {

class Database;

/// Where the record is not what the chain of evidence says.
struct EvidenceBreak
{
    std::int64_t link = 0; ///< the first link that does not hold; 0 = a row that no link knows, or loose bytes
    std::string what;      ///< one sentence

    bool operator==(const EvidenceBreak&) const = default;
};

struct EvidenceReport
{
    EvidenceHead head; ///< the last link that was looked at
    std::optional<EvidenceBreak> firstBreak;

    bool operator==(const EvidenceReport&) const = default;
};

/// Computes the chain again from the tables: every link, the events and requests of every call, every stored text, and
/// whether each decision and each call that is over has a link. What is committed meanwhile is looked at too. That the
/// newest links are missing together with their rows cannot be seen without a copy of the head.
/// progress is told the number of the link it has come to; false = stop. Errors: Timeout if it was stopped, and those
/// of the database.
[[nodiscard]] Result<EvidenceReport> checkEvidence(Database& database,
                                                   const std::function<bool(std::int64_t link)>& progress = {});

} // namespace luthien::store
