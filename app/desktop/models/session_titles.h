// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "base/clock.h"
#include "desktop/models/session_source.h"

#include <QObject>
#include <QQmlEngine>
#include <QString>

#include <vector>

namespace luthien::desktop {

/// The newest sessions by what people know them by, to be found by some letters of it. Thread: GUI.
class SessionTitles : public QObject
{
    Q_OBJECT
    QML_ELEMENT
    QML_UNCREATABLE("made by the application")

public:
    /// Older ones are found on the page of the sessions, or by their texts.
    static constexpr std::size_t kMost = 2000;
    struct Title
    {
        QString session;
        QString text; ///< a person's own name for it, else how it began, else its id

        bool operator==(const Title&) const = default;
    };

    /// The source has no other reader: searches of another would end its own. Both outlive this.
    SessionTitles(SessionSource& source, const Clock& clock, QObject* parent = nullptr);

    /// Newest activity first, as they were at the last refresh that is over.
    [[nodiscard]] const std::vector<Title>& titles() const noexcept { return m_titles; }
    /// Reads them again; changed() follows unless it fails: then what there was stays.
    void refresh();

Q_SIGNALS:
    void changed();

private:
    void take(const LoadedSessions& loaded);

    SessionSource& m_source;
    SessionSearch m_search;
    const Clock& m_clock;
    std::vector<Title> m_reading;
    std::vector<Title> m_titles;
};

} // namespace luthien::desktop
