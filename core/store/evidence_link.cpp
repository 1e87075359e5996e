// SPDX-License-Identifier: Apache-2.0
#include "store/evidence_link.h"

#include "store/database.h"

#include <utility>

namespace luthien::store {

namespace {
EvidenceLink linkIn(const Statement& row)
{
    const auto optional = [&row](int column) {
        return row.isNull(column) ? std::nullopt : std::optional(row.number(column));
    };
    return {.number = row.number(0),
            .kind = row.number(1),
            .subject = optional(2),
            .form = row.number(3),
            .sha256 = row.blob(4),
            .hmac = row.blob(5),
            .removal = optional(6),
            .bodiesRemoval = optional(7)};
}
} // namespace

bool EvidenceLink::isKnown() const
{
    return form == kEvidenceForm && kind >= static_cast<std::int64_t>(EvidenceKind::Call) &&
           kind <= static_cast<std::int64_t>(EvidenceKind::Key);
}

Result<std::vector<EvidenceLink>> readEvidenceLinks(Database& database, std::int64_t after, std::int64_t limit)
{
    auto list = database.statement("list_evidence");
    if (!list)
        return list.error();
    std::vector<EvidenceLink> links;
    const auto done = (*list)->bind(":row", after).bind(":limit", limit).each([&](const Statement& row) {
        links.push_back(linkIn(row));
    });
    return done ? Result<std::vector<EvidenceLink>>(std::move(links)) : done.error();
}

Result<std::vector<EvidenceHead>> readRemovedLinks(Database& database, std::int64_t removal, RemovedPart part)
{
    auto list = database.statement(part == RemovedPart::Texts ? "list_bodiless_evidence" : "list_removed_evidence");
    if (!list)
        return list.error();
    std::vector<EvidenceHead> links;
    const auto done =
        (*list)->bind(":removal", removal).each([&](const Statement& row) { links.push_back(linkFrom(row)); });
    return done ? Result<std::vector<EvidenceHead>>(std::move(links)) : done.error();
}

std::string linkName(std::int64_t number)
{
    return "link " + std::to_string(number);
}

std::string subjectName(const EvidenceLink& link)
{
    return std::string(evidenceKindName(link.evidenceKind())) + " that " + linkName(link.number) + " is about";
}

} // namespace luthien::store
