// SPDX-License-Identifier: Apache-2.0
import QtQuick
import QtTest
import Luthien.Approvals

TestCase {
    id: root

    name: "ApprovalsPage"
    width: 1100
    height: 700
    when: windowShown
    visible: true

    ApprovalsPage {
        id: page

        anchors.fill: parent
        approvals: fixture.approvals
        history: fixture.answers
        rules: fixture.approvalRules
    }

    SignalSpy {
        id: callWanted

        target: page
        signalName: "callWanted"
    }

    function find(name) {
        return findChild(page, name);
    }

    function ask(command) {
        const before = fixture.approvals.count;
        const id = fixture.askCall("Bash", JSON.stringify({
                    "command": command
                }));
        tryCompare(fixture.approvals, "count", before + 1);
        return id;
    }

    function armed() {
        tryVerify(() => fixture.approvals.armed);
        waitForRendering(page);
    }

    function init() {
        fixture.withdrawAll();
        fixture.revokeAll();
        page.go(0);
        fixture.approvals.list.held = false;
        tryCompare(fixture.approvals, "count", 0);
        // What is over stays shown until somebody goes on.
        page.visible = false;
        page.visible = true;
        waitForRendering(page); // a press before that meets what has no place yet
        callWanted.clear();
    }

    function test_showsTheWholeCall() {
        ask("rm " + fixture.hostile);
        compare(find("approvalTool").text, "Bash");
        verify(find("approvalReason").text.includes("Ask me: A person must allow it."));
        verify(find("approvalWords").text.includes(fixture.hostile));
        compare(fixture.approvals.shown.found, ["command: rm"]);
        compare(find("approvalUserText").text, "What the person said.");
        verify(find("approvalOrigin").text.includes("claude-code"));
        verify(find("timeLeft").text.includes("left, then denied"));
        find("openConversation").clicked();
        compare(callWanted.signalArguments[0][0], "s1");
        wait(0);
        compare(fixture.fetches, 0);
    }

    function test_isAnsweredByKeysAlone() {
        const first = ask("one");
        const second = ask("two");
        const third = ask("three");
        find("waitingList").forceActiveFocus();
        keyClick(Qt.Key_Down);
        compare(fixture.approvals.promptId, second);
        keyClick(Qt.Key_K);
        compare(fixture.approvals.promptId, first);
        armed();
        keyClick(Qt.Key_A);
        compare(fixture.outcomeOf(first), "allow");
        compare(fixture.approvals.promptId, second);
        armed();
        keyClick(Qt.Key_M);
        verify(find("denyMessage").activeFocus);
        for (const key of "dare")
            keyClick(key);
        compare(fixture.outcomeOf(second), "", "a letter in a field is a letter");
        verify(fixture.approvals.clockStands);
        keyClick(Qt.Key_Escape);
        verify(find("denyCall").activeFocus);
        keyClick(Qt.Key_Return);
        compare(fixture.outcomeOf(second), "deny: dare");
        compare(fixture.approvals.promptId, third);
        armed();
        keyClick(Qt.Key_R);
        compare(fixture.outcomeOf(third), "deny: ");
    }

    function test_aPressLeavesTheKeyboardWhereKeysAnswer() {
        const first = ask("one");
        armed();
        mouseClick(find("denyMessage"));
        keyClick("x");
        mouseClick(find("denyCall"));
        compare(fixture.outcomeOf(first), "deny: x");
        const second = ask("two");
        armed();
        keyClick(Qt.Key_D);
        compare(fixture.outcomeOf(second), "deny: ");
    }

    function test_otherArgumentsAreWrittenAndCompared() {
        const id = ask("rm -rf /");
        armed();
        find("waitingList").forceActiveFocus();
        keyClick(Qt.Key_E);
        const editor = find("editedArguments");
        verify(editor.activeFocus);
        verify(editor.text.includes("\"command\": \"rm -rf /\""));
        verify(!find("allowCall").enabled, "nothing is changed yet");
        editor.text = "{\"command\": ls}";
        verify(find("editProblem").text.startsWith("Line 1"));
        verify(!find("allowCall").enabled);
        editor.text = "{\n  \"command\": \"ls\"\n}";
        tryVerify(() => find("changedLines").count > 0);
        compare(find("allowCall").text, "Allow the changed call");
        tryVerify(() => find("allowCall").enabled);
        keyClick(Qt.Key_Escape);
        verify(!fixture.approvals.edit.open);
        keyClick(Qt.Key_E);
        find("editedArguments").text = "{\"command\": \"ls\"}";
        tryVerify(() => find("allowCall").enabled);
        waitForRendering(page);
        mouseClick(find("allowCall"));
        compare(fixture.outcomeOf(id), "edit: {\"command\": \"ls\"}");
    }

    function test_oneSwitchHoldsEverything() {
        compare(find("pausedNote").visible, false);
        mouseClick(find("pauseApprovals"));
        verify(fixture.approvals.paused && find("pausedNote").visible);
        ask("ls");
        verify(find("timeLeft").text.startsWith("Clock stopped"));
        mouseClick(find("pauseApprovals"));
        verify(!fixture.approvals.paused);
        tryVerify(() => find("timeLeft").text.endsWith("left, then denied"));
    }

    function test_rulesAreToldAndTakenBack() {
        const id = ask("git status");
        armed();
        mouseClick(find("answerDuration.7"));
        waitForRendering(page);
        mouseClick(find("answerScope.2"));
        waitForRendering(page);
        mouseClick(find("allowCall"));
        compare(fixture.outcomeOf(id), "allow");
        verify(fixture.isRuled("Bash", "{}"));
        mouseClick(find("approvalsPart.2"));
        tryCompare(fixture.approvalRules, "count", 1);
        waitForRendering(page);
        const list = find("ruleList");
        verify(list.activeFocus);
        keyClick(Qt.Key_Down);
        keyClick(Qt.Key_Return);
        tryVerify(() => findChild(list.currentItem, "rulePreview").text.startsWith("Would have matched 4 of 9"));
        keyClick(Qt.Key_Delete);
        compare(fixture.approvalRules.count, 0);
        verify(!fixture.isRuled("Bash", "{}"));
    }

    function test_answersLeadToTheirPlaceAndTheirRule() {
        mouseClick(find("approvalsPart.1"));
        tryVerify(() => fixture.answers.active);
        fixture.loadAnswers(30);
        compare(fixture.answers.count, 30);
        const list = find("historyList");
        verify(list.activeFocus);
        keyClick(Qt.Key_J);
        keyClick(Qt.Key_Return);
        compare(callWanted.signalArguments[0][0], "s1");
        const filter = find("historyFilter");
        filter.forceActiveFocus();
        for (const key of "(x")
            keyClick(key);
        verify(find("historyProblem").visible);
        filter.selectAll();
        keyClick(Qt.Key_Delete);
        verify(!find("historyProblem").visible);
        fixture.loadAnswers(0);
        callWanted.clear();
        list.forceActiveFocus();
        keyClick(Qt.Key_Return);
        compare(callWanted.count, 0); // there is no call to lead to
        compare(fixture.answers.count, 0);
    }

    function test_itHoldsAtEverySize_data() {
        return [{
                "tag": "small",
                "wide": 744,
                "high": 452
            }, {
                "tag": "usual",
                "wide": 1224,
                "high": 772
            }, {
                "tag": "large",
                "wide": 1864,
                "high": 1052
            }];
    }

    function test_itHoldsAtEverySize(row) {
        root.width = row.wide;
        root.height = row.high;
        ask("git status --short " + "x".repeat(3000));
        mouseClick(find("answerDuration.7"));
        waitForRendering(page);
        mouseClick(find("answerScope.1"));
        waitForRendering(page);
        for (const name of ["allowCall", "denyCall", "editCall", "denyMessage", "answerDuration"]) {
            const item = find(name);
            const place = item.mapToItem(page, 0, 0);
            verify(item.visible && item.width > 20, name);
            verify(place.x >= 0 && place.x + item.width <= page.width + 1 && place.y >= 0 && place.y + item.height <= page.height + 1, name + " " + place);
        }
        const durations = find("answerDuration");
        const always = find("answerDuration.7");
        verify(durations.x + durations.width <= durations.parent.width, "inside its place");
        verify(always.mapToItem(durations, always.width, 0).x <= durations.width, "inside its frame");
        verify(find("approvalArguments").height > 60, "room for the call: " + find("approvalArguments").height);
        root.width = 1100;
        root.height = 700;
    }
}
