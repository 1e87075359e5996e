// SPDX-License-Identifier: Apache-2.0
#include "base/clock.h"
#include "store/database.h"
#include "store/evidence.h"

#include <algorithm>
#include <utility>

namespace luthien::store {

void EvidenceChain::setKey(std::shared_ptr<const EvidenceKey> key)
{
    m_key = std::move(key);
}

Result<void> EvidenceChain::add(EvidenceKind kind, std::int64_t row)
{
    auto prepared = prepare();
    return prepared ? append(kind, row) : prepared;
}

Result<void> EvidenceChain::prepare()
{
    if (!m_end) {
        auto head = readEvidenceHead(m_database);
        auto keyId = readEvidenceKeyId(m_database);
        if (!head || !keyId)
            return head ? keyId.error() : head.error();
        m_end = End{.head = *head, .keyId = *std::move(keyId)};
    }
    return m_end->keyId == (m_key ? m_key->id() : std::string()) ? Result<void>() : addKey();
}

Result<void> EvidenceChain::addKey()
{
    const std::string id = m_key ? m_key->id() : std::string();
    auto insert = m_database.statement("insert_evidence_key");
    if (!insert)
        return insert.error();
    const auto row = (*insert)->bind(":at", toMicros(SystemClock().now())).bindText(":key", id).firstNumber();
    if (!row)
        return row.error();
    auto appended = append(EvidenceKind::Key, row->value_or(0));
    if (appended)
        m_end->keyId = id;
    return appended;
}

Result<void> EvidenceChain::append(EvidenceKind kind, std::int64_t row)
{
    const auto json = evidenceOf(m_database, kind, row);
    auto insert = m_database.statement("insert_evidence");
    if (!json || !insert)
        return json ? insert.error() : json.error();
    if (!*json)
        return Error{ErrorCode::Internal, "what is to be chained is not there", std::string(evidenceKindName(kind))};
    const EvidenceHead next{m_end->head.number + 1, linkDigest(m_end->head.sha256, **json)};
    (*insert)
        ->bind(":id", next.number)
        .bind(":kind", static_cast<std::int64_t>(kind))
        .bind(":subject", row)
        .bind(":form", kEvidenceForm)
        .bindBlob(":sha256", asBytes(next.sha256));
    if (m_key)
        (*insert)->bindBlob(":hmac", asBytes(m_key->sign(next.sha256)));
    else
        (*insert)->bindNull(":hmac");
    auto done = (*insert)->post();
    if (done)
        m_end->head = next;
    return done;
}

Result<void> EvidenceChain::addRemoval(RemovalReason reason, const std::vector<RemovedSubject>& subjects)
{
    if (auto prepared = prepare(); !prepared)
        return prepared;
    std::vector<EvidenceHead> links;
    for (const RemovedSubject& subject : subjects) {
        const auto link = cover(reason, subject);
        if (!link)
            return link.error();
        if (*link)
            links.push_back(**link);
    }
    if (links.empty())
        return {};
    std::ranges::sort(links, {}, &EvidenceHead::number);
    auto insert = m_database.statement("insert_evidence_removal");
    if (!insert)
        return insert.error();
    const auto row = (*insert)
                         ->bind(":reason", static_cast<std::int64_t>(reason))
                         .bind(":at", toMicros(SystemClock().now()))
                         .bind(":links", static_cast<std::int64_t>(links.size()))
                         .bindBlob(":sha256", asBytes(removalDigest(links)))
                         .firstNumber();
    return row ? append(EvidenceKind::Removal, row->value_or(0)) : row.error();
}

Result<std::optional<EvidenceHead>> EvidenceChain::cover(RemovalReason reason, const RemovedSubject& subject)
{
    if (reason == RemovalReason::BodiesRetention) {
        auto keep =
            m_database.statement(subject.kind == EvidenceKind::Call ? "update_call_hashes" : "update_decision_hashes");
        if (auto kept = keep ? (*keep)->bind(":row", subject.row).run() : Result<void>(keep.error()); !kept)
            return kept.error();
    }
    auto update = m_database.statement(reason == RemovalReason::BodiesRetention ? "update_evidence_bodiless"
                                                                                : "update_evidence_removed");
    if (!update)
        return update.error();
    (*update)
        ->bind(":removal", m_end->head.number + 1)
        .bind(":kind", static_cast<std::int64_t>(subject.kind))
        .bind(":subject", subject.row);
    if (auto done = (*update)->exec(); !done)
        return done.error();
    const auto row = (*update)->next();
    std::optional<EvidenceHead> link;
    if (row && *row)
        link = linkFrom(**update);
    (*update)->finish();
    return row ? Result<std::optional<EvidenceHead>>(link) : row.error();
}

} // namespace luthien::store
