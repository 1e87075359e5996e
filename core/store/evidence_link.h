// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "base/result.h"
#include "store/evidence.h"

#include <cstdint>
#include <optional>
#include <string>
#include <vector>

namespace luthien::store {

/// A link of the chain of evidence as it stands in the table, whatever is in there.
struct EvidenceLink
{
    std::int64_t number = 0;
    std::int64_t kind = 0;
    std::optional<std::int64_t> subject; ///< row
    std::int64_t form = 0;
    std::string sha256;
    std::string hmac;
    std::optional<std::int64_t> removal;       ///< the link that says that its subject was removed
    std::optional<std::int64_t> bodiesRemoval; ///< the one that says so of the subject's texts

    [[nodiscard]] EvidenceKind evidenceKind() const { return static_cast<EvidenceKind>(kind); }
    /// This program knows how it is made.
    [[nodiscard]] bool isKnown() const;
    bool operator==(const EvidenceLink&) const = default;
};

/// So many at most, ascending, from the one after a number on.
[[nodiscard]] Result<std::vector<EvidenceLink>> readEvidenceLinks(Database& database, std::int64_t after,
                                                                  std::int64_t limit);
/// What a removal took.
enum class RemovedPart : std::uint8_t { Subject, Texts };
/// The links that a removal covers, ascending; removal = the number of its own link.
[[nodiscard]] Result<std::vector<EvidenceHead>> readRemovedLinks(Database& database, std::int64_t removal,
                                                                 RemovedPart part);

/// "link 7"
[[nodiscard]] std::string linkName(std::int64_t number);
/// "call that link 7 is about"
[[nodiscard]] std::string subjectName(const EvidenceLink& link);

} // namespace luthien::store
