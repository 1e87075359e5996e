// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "core/store/recording.h"
#include "store/instance.h"
#include "store/search_index.h"
#include "store/store.h"
#include "support/test_database.h"

#include <algorithm>
#include <memory>
#include <string>
#include <utility>
#include <vector>

namespace luthien::test {

/// All bytes are text; who says it depends on where they stand. What comes before "text:" is no text.
inline std::vector<store::SearchText> plainTexts(const store::ContentSource& source, std::string_view bytes)
{
    using Part = store::ContentSource::Part;
    const std::size_t begin = bytes.find("text:");
    if (begin == std::string_view::npos)
        return {};
    const bool isSystem = source.part == Part::Opening || source.part == Part::Closing;
    const auto kind = source.part == Part::Reply ? store::TextKind::Assistant
                      : isSystem                 ? store::TextKind::System
                                                 : store::TextKind::User;
    return {{kind, std::string(bytes.substr(begin + 5))}};
}

inline std::unique_ptr<store::Store> openSearchable(const TestDatabase& database,
                                                    store::ReadTexts readTexts = plainTexts)
{
    auto opened = store::Store::open({.directory = database.path().toStdString(),
                                      .database = database.url(),
                                      .ballastBytes = 0,
                                      .readTexts = std::move(readTexts)});
    if (!opened)
        qCritical("%s", opened.error().toString().c_str());
    return opened ? std::move(*opened) : nullptr;
}

/// A connection that writes, as the store's writer has one.
inline Result<std::unique_ptr<store::Database>> writable(const TestDatabase& test)
{
    auto database = store::Database::open(test.location(), store::Access::ReadWrite);
    if (!database)
        return database;
    const auto joined = store::joinInstance(**database, test.location().directory);
    return joined ? std::move(database) : Result<std::unique_ptr<store::Database>>(joined.error());
}

/// A finished call that asks one thing.
inline CallId ask(store::Store& store, const std::string& session, const std::vector<std::string>& messages)
{
    const auto sink = store.makeSink(0);
    RecordedCall call(*sink, session);
    const Body body(messages);
    call.request(body.bytes, body.spans);
    call.end();
    return call.id();
}

/// True once nothing waits to be taken into the index.
inline bool isIndexed(store::Store& store)
{
    const auto reader = store.openReader();
    return store.flush(std::chrono::seconds(20)) && reader && QTest::qWaitFor([&] {
               const auto waiting = (*reader)->countUnindexed(1);
               return waiting && *waiting == 0;
           });
}

/// Kind and content of everything that is found, in its order: "user: text:drop it".
inline QStringList found(store::Reader& reader, const std::string& words,
                         store::FoundOrder order = store::FoundOrder::NewestFirst, std::uint32_t perPage = 2)
{
    QStringList all;
    const std::vector<filter::Phrase> phrases{filter::phraseFrom(words)};
    std::optional<store::Cursor> from;
    do {
        const auto page = reader.findTexts({.phrases = phrases, .order = order}, from, perPage);
        if (!page)
            return {QString::fromStdString(page.error().toString())};
        for (const store::FoundText& text : page->items)
            all.append(
                QString::fromStdString(std::string(textKindName(text.kind)) + ": " +
                                       text.bytes.substr(std::min(text.bytes.size(), text.bytes.find("text:") + 5))));
        from = page->next;
    } while (from);
    return all;
}

} // namespace luthien::test
