// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "filter/expression.h"
#include "store/rows.h"

#include <QObject>

#include <memory>
#include <optional>
#include <vector>

namespace luthien::desktop {

/// Which decisions are wanted.
struct AnswersRequest
{
    quint64 token = 0; ///< of what is looked for; answers to older ones are of no use
    filter::Expression filter;
    TimePoint now;                     ///< what times of the filter count from
    std::optional<store::Cursor> from; ///< only those after that place
};

struct LoadedAnswers
{
    AnswersRequest request;
    std::vector<store::DecisionRow> items; ///< newest first; may be few, or none, with a next place still
    std::optional<store::Cursor> next;
    QString error; ///< one sentence; empty = none
};

/// Reads what was decided about calls that waited for a person, without making the model wait: each request is answered
/// by one signal, later. Thread: GUI.
class ApprovalHistorySource : public QObject
{
    Q_OBJECT

public:
    using QObject::QObject;

    virtual void load(const AnswersRequest& request) = 0;

Q_SIGNALS:
    void loaded(const std::shared_ptr<const luthien::desktop::LoadedAnswers>& answers);
};

} // namespace luthien::desktop
