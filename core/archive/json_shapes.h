// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "archive/text_hits.h"
#include "conversation/decision.h"
#include "store/rows.h"

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>

/// The JSON objects of the contract: exports, the control port and --json print the same ones. One line each, without
/// the newline. Unknown = null, times are RFC 3339 in UTC. Described in docs/api.md.
namespace luthien::archive {

/// Whether an object says what it is: the lines of an export do.
enum class TypeMember : std::uint8_t { Absent, Present };

/// An object with "cost_usd":null, with the cost in its place: boost::json writes numbers as 2.4000000000000002E-3.
[[nodiscard]] std::string withCost(std::string json, std::optional<std::int64_t> nanoUsd);

[[nodiscard]] std::string sessionJson(const store::SessionRow& session, TypeMember type = TypeMember::Absent);
[[nodiscard]] std::string callJson(const store::CallRow& call, TypeMember type = TypeMember::Absent);
/// If the event's bytes hold one JSON object or array on one line, that stands in "json" exactly as it came, and what
/// is around it, if anything is, in "frame": the bytes are frame[0] + json + frame[1]. Otherwise they are
/// "data_base64".
[[nodiscard]] std::string eventJson(const store::EventRow& event, TypeMember type = TypeMember::Absent);
/// prev and sha256 are its place in the chain of evidence.
[[nodiscard]] std::string decisionJson(const store::DecisionRow& row, TypeMember type = TypeMember::Absent);
/// Of one that is not committed yet: prev and sha256 are null.
[[nodiscard]] std::string decisionJson(const conversation::Decision& decision);
/// matched are bytes of the snippet.
[[nodiscard]] std::string hitJson(const TextHit& hit);

} // namespace luthien::archive
