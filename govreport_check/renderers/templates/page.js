
// The HTML report: one file that is not changed any more.
filtering(document, marking(document, byId("tip")));
sorting(document);
const toReport = () => {
  const report = location.hash && byId(decodeURIComponent(location.hash.slice(1)));
  if (!report) return;
  const box = report.closest("details");
  if (box) { unfold(report); box.open = true; box.scrollIntoView(); }
};
addEventListener("hashchange", toReport);
toReport();
