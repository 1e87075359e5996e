// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "archive/text_hits.h"

#include <QObject>

#include <memory>
#include <optional>
#include <vector>

namespace luthien::desktop {

/// What is searched for, and from where on.
struct SearchRequest
{
    quint64 token = 0; ///< of what is searched for; older ones are of no use any more
    archive::TextHitQuery query;
    std::optional<store::Cursor> from;
};

struct FoundHit
{
    archive::TextHit hit;
    QString title; ///< of its session, as the list of sessions has it
};

struct LoadedHits
{
    quint64 token = 0;
    std::vector<FoundHit> items;
    std::optional<store::Cursor> next; ///< none = these were the last
    std::int64_t unindexed = 0; ///< calls whose words cannot be found yet, counted up to SearchSource::kMostCounted
    QString error;              ///< one sentence; empty = none
};

/// Searches the texts of all calls for a model without making it wait: each request is answered by one signal, later,
/// unless a newer one came. Thread: GUI.
class SearchSource : public QObject
{
    Q_OBJECT

public:
    static constexpr std::int64_t kMostCounted = 10'000;
    static constexpr std::uint32_t kPage = 50;

    using QObject::QObject;

    /// A page of at most kPage; it may hold few, or none, and there be more still. Ends what runs for an older token.
    virtual void search(const SearchRequest& request) = 0;
    /// Nothing before this token is wanted any more.
    virtual void cancel(quint64 token) = 0;

Q_SIGNALS:
    void hitsLoaded(const std::shared_ptr<const luthien::desktop::LoadedHits>& hits);
};

} // namespace luthien::desktop
