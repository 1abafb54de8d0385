import { type Civil, civilOf, unixSeconds } from "./civil.ts";
import { dayNames, layoutParts, monthNames } from "./layout.ts";
import type { Time } from "./time.ts";
import { zoneAbbreviation } from "./zone.ts";

/** A time in Go's layout: `2006-01-02T15:04:05.000Z07:00`. */
export function formatTime(time: Time, layout: string): string {
  const civil = civilOf(time);
  let text = "";
  for (const part of layoutParts(layout))
    text += "literal" in part ? part.literal : formatElement(part.element, civil, time);
  return text;
}

const two = (value: number): string => String(value).padStart(2, "0");
const hour12 = (hour: number): number => hour % 12 || 12;

function formatElement(element: string, civil: Civil, time: Time): string {
  switch (element) {
    case "2006":
      return (civil.year < 0 ? "-" : "") + String(Math.abs(civil.year)).padStart(4, "0");
    case "06":
      return two(((civil.year % 100) + 100) % 100);
    case "01":
      return two(civil.month);
    case "1":
      return String(civil.month);
    case "January":
      return monthNames[civil.month - 1]!;
    case "Jan":
      return monthNames[civil.month - 1]!.slice(0, 3);
    case "02":
      return two(civil.day);
    case "2":
      return String(civil.day);
    case "_2":
      return String(civil.day).padStart(2, " ");
    case "002":
      return String(civil.yearDay).padStart(3, "0");
    case "__2":
      return String(civil.yearDay).padStart(3, " ");
    case "Monday":
      return dayNames[civil.weekday]!;
    case "Mon":
      return dayNames[civil.weekday]!.slice(0, 3);
    case "MST":
      return zoneAbbreviation(time.zone, unixSeconds(time));
    default:
      return formatClock(element, civil);
  }
}

function formatClock(element: string, civil: Civil): string {
  switch (element) {
    case "15":
      return two(civil.hour);
    case "03":
      return two(hour12(civil.hour));
    case "3":
      return String(hour12(civil.hour));
    case "04":
      return two(civil.minute);
    case "4":
      return String(civil.minute);
    case "05":
      return two(civil.second);
    case "5":
      return String(civil.second);
    case "PM":
      return civil.hour >= 12 ? "PM" : "AM";
    case "pm":
      return civil.hour >= 12 ? "pm" : "am";
    default:
      return element.startsWith(".") || element.startsWith(",")
        ? formatFraction(element, civil.nanos)
        : formatOffset(element, civil.offset);
  }
}

function formatFraction(element: string, nanos: number): string {
  const digits = String(nanos)
    .padStart(9, "0")
    .padEnd(element.length - 1, "0")
    .slice(0, element.length - 1);
  if (element[1] === "0") return element[0] + digits;
  const trimmed = digits.replace(/0+$/, "");
  return trimmed === "" ? "" : element[0] + trimmed;
}

function formatOffset(element: string, offset: number): string {
  if (element.startsWith("Z") && offset === 0) return "Z";
  const total = Math.abs(offset);
  const shape = element.slice(1);
  const parts = [total / 3600, (total / 60) % 60, total % 60].map((part) => two(Math.trunc(part)));
  const count = shape.replaceAll(":", "").length / 2;
  return (offset < 0 ? "-" : "+") + parts.slice(0, count).join(shape.includes(":") ? ":" : "");
}
