// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "base/result.h"
#include "store/evidence.h"

#include <cstdint>
#include <functional>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

namespace luthien::store {

class Database;

/// Where the record is not what the chain of evidence says.
struct EvidenceBreak
{
    std::int64_t link = 0; ///< the first link that does not hold; 0 = a row that no link knows, or loose bytes
    std::string what;      ///< one sentence

    bool operator==(const EvidenceBreak&) const = default;
};

/// Links that follow each other and are signed with one key, or not at all.
struct SignedStretch
{
    std::int64_t first = 0;
    std::int64_t last = 0;
    std::string keyId;       ///< empty = not signed
    bool isVerified = false; ///< the signatures are those of the key that was given

    bool operator==(const SignedStretch&) const = default;
};

struct EvidenceReport
{
    EvidenceHead head;      ///< the last link that was looked at
    std::int64_t links = 0; ///< that hold
    std::optional<EvidenceBreak> firstBreak;
    std::int64_t removed = 0;             ///< links whose subject was removed, as a later link says
    std::int64_t bodiless = 0;            ///< links of which only the texts were
    std::vector<SignedStretch> stretches; ///< ascending; all links up to head; none of one session

    bool operator==(const EvidenceReport&) const = default;
};

/// What a check has besides the tables.
struct EvidenceCheck
{
    const EvidenceKey* key = nullptr;     ///< null = signatures are not checked
    std::optional<EvidenceHead> keptHead; ///< a head of earlier, from outside of the database: it must be in the chain
    std::function<bool(std::int64_t link)> progress = {}; ///< told the number it has come to; false = stop
};

/// Computes the chain again from the tables: every link and its signature, the events and requests of every call, every
/// stored text, and whether each decision and each call that is over has a link. What is committed meanwhile is looked
/// at too. That the newest links are missing together with their rows cannot be seen without a copy of the head.
/// Errors: Timeout if it was stopped, and those of the database.
[[nodiscard]] Result<EvidenceReport> checkEvidence(Database& database, const EvidenceCheck& check = {});

/// The same of one session: the links of its calls and decisions, each against the one before it, and every byte that
/// they are about. Nothing is said of the rest of the chain, nor of signatures. Of check only progress counts.
/// Errors: NotFound, and as above.
[[nodiscard]] Result<EvidenceReport> checkEvidenceOfSession(Database& database, std::string_view session,
                                                            const EvidenceCheck& check = {});

} // namespace luthien::store
